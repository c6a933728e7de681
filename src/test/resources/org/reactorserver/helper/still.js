/* What the page shows, as one SVG: boxes, texts, the arrows of pseudo-elements. The colours stay names, so that the
   picture has both kinds of them. Evaluated by Still; comes to a function of the ids to be drawn. */
(ids, themes, title) => {
  const NAMES = Object.keys(themes.light);
  const css = (style) => (node) => getComputedStyle(node)[style];
  const probe = document.body.appendChild(document.createElement('i'));
  const names = new Map(NAMES.reverse().map((name) => {
    probe.style.color = `var(${name})`;
    return [css('color')(probe), name];
  }));
  probe.remove();
  const paint = (colour) => (names.has(colour) ? `var(${names.get(colour)})` : colour);
  const isSeen = (colour) => colour !== 'rgba(0, 0, 0, 0)' && colour !== 'transparent';
  const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const round = (x) => Math.round(x * 10) / 10;
  const canvas = document.createElement('canvas').getContext('2d');
  const areas = ids.map((id) => document.getElementById(id).getBoundingClientRect());
  const left = Math.min(...areas.map((a) => a.left)) - 8;
  const top = Math.min(...areas.map((a) => a.top)) - 8;
  const width = Math.max(...areas.map((a) => a.right)) - left + 8;
  const height = Math.max(...areas.map((a) => a.bottom)) - top + 8;
  const out = [];

  function box(x, y, w, h, style) {
    const border = parseFloat(style.borderLeftWidth);
    const below = parseFloat(style.borderBottomWidth);
    const fill = isSeen(style.backgroundColor) ? paint(style.backgroundColor) : 'none';
    const stroke = border > 0 && parseFloat(style.borderTopWidth) > 0 && isSeen(style.borderLeftColor);
    if (fill !== 'none' || stroke) {
      const r = Math.min(parseFloat(style.borderTopLeftRadius) || 0, h / 2);
      const half = stroke ? border / 2 : 0;
      out.push(`<rect x="${round(x - left + half)}" y="${round(y - top + half)}" width="${round(w - 2 * half)}" height="${round(h - 2 * half)}"`
        + (r ? ` rx="${round(r)}"` : '') + ` fill="${fill}"`
        + (stroke ? ` stroke="${paint(style.borderLeftColor)}" stroke-width="${border}"` : '')
        + (style.borderLeftStyle === 'dashed' && stroke ? ' stroke-dasharray="5 3"' : '') + '/>');
    }
    if (border > 0 && !stroke && isSeen(style.borderLeftColor)) {
      out.push(`<rect x="${round(x - left)}" y="${round(y - top)}" width="${border}" height="${round(h)}" fill="${paint(style.borderLeftColor)}"/>`);
    }
    if (below > 0 && border === 0) {
      out.push(`<rect x="${round(x - left)}" y="${round(y - top + h - below)}" width="${round(w)}" height="${below}" fill="${paint(style.borderBottomColor)}"/>`);
    }
  }

  function words(text, x, y, w, style) {
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const ascent = canvas.measureText('x').fontBoundingBoxAscent;
    out.push(`<text x="${round(x - left)}" y="${round(y - top + ascent)}" fill="${paint(style.color)}" font-size="${round(parseFloat(style.fontSize))}"`
      + (style.fontWeight >= 550 ? ' font-weight="600"' : '') + (style.fontFamily.includes('mono') ? ' font-family="ui-monospace, monospace"' : '')
      + ` textLength="${round(w)}" lengthAdjust="spacingAndGlyphs">${escape(text)}</text>`);
  }

  function pseudo(node, which) {
    const style = getComputedStyle(node, which);
    if (style.content === 'none' || style.content === 'normal' || style.position !== 'absolute') { return; }
    const from = (style.position === 'absolute' && css('position')(node) === 'static' ? node.offsetParent : node).getBoundingClientRect();
    const x = from.left + parseFloat(style.left) + parseFloat(css('borderLeftWidth')(node));
    const y = from.top + parseFloat(style.top) + parseFloat(css('borderTopWidth')(node));
    const w = parseFloat(style.width);
    const text = style.content.replace(/"/g, '');
    const full = style.boxSizing === 'border-box' ? 0 : parseFloat(style.borderLeftWidth) * 2;
    if (text === '') { box(x, y, w + full, parseFloat(style.height) + full, style); return; }
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const size = canvas.measureText(text);
    const middle = (parseFloat(style.height) - size.fontBoundingBoxAscent - size.fontBoundingBoxDescent) / 2;
    words(text, x + (w - size.width) / 2, y + middle, size.width, style);
  }

  /** A text that is wider than its box ends in an ellipsis. */
  function lines(node) {
    const style = getComputedStyle(node.parentElement);
    const range = document.createRange();
    const clip = style.textOverflow === 'ellipsis' ? node.parentElement.getBoundingClientRect().right - parseFloat(style.paddingRight) : Infinity;
    let line = null;
    const flush = () => {
      if (line && line.text.trim()) { words(line.text.trimEnd(), line.x, line.y, line.right - line.x, style); }
    };
    for (let i = 0; i < node.length; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const rect = range.getClientRects()[0];
      const char = node.data[i];
      if (!rect || (rect.width === 0 && char.trim())) { continue; }
      if (line === null || rect.top > line.y + 2) {
        flush();
        line = { text: '', x: rect.left, y: rect.top, right: rect.left, isCut: false };
      }
      if (line.isCut) { continue; }
      if (rect.right > clip + 1 || (rect.right > clip - 12 && node.parentElement.scrollWidth > node.parentElement.clientWidth)) {
        line.text += '…';
        line.right = Math.min(clip, line.right + 12);
        line.isCut = true;
      } else if (char.trim() || line.text) {
        line.text += char;
        if (char.trim()) { line.right = rect.right; }
      } else {
        line.x = line.right = rect.right;
      }
    }
    flush();
  }

  function draw(node) {
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility === 'hidden' || node.classList.contains('unseen')) { return; }
    const rect = node.getBoundingClientRect();
    box(rect.left, rect.top, rect.width, rect.height, style);
    pseudo(node, '::before');
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) { lines(child); } else if (child.nodeType === Node.ELEMENT_NODE) { draw(child); }
    }
    pseudo(node, '::after');
  }

  ids.forEach((id) => draw(document.getElementById(id)));
  const theme = (colours) => Object.entries(colours).map(([name, value]) => `${name}:${value}`).join(';');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escape(title)}"
     font-family="system-ui, 'DejaVu Sans', 'Noto Sans CJK SC', sans-serif">
<style>svg{${theme(themes.light)}} @media (prefers-color-scheme: dark){svg{${theme(themes.dark)}}}</style>
<rect width="100%" height="100%" rx="8" fill="var(--back)"/>
${out.join('\n')}
</svg>
`;
}
