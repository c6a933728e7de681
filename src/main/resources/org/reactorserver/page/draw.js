'use strict';
/* Draws a model. Whatever a client has sent comes in as text of a node, and in no other way. */

class Picture {
  constructor(words) {
    this.words = words;
    this.dots = new Map(); // by number
    this.rows = new Map(); // by session
    this.workers = new Map(); // by thread
    this.isStill = matchMedia('(prefers-reduced-motion: reduce)');
    this.ring = new Map(STEPS.map((step) => [step, byId('ring').appendChild(element('li'))]));
  }

  static get ROWS() { return 20; }

  static get DOTS() { return 6; }

  /** Says everything in another language. */
  speak(texts, language) {
    this.t = texts;
    this.language = language;
    this.ring.forEach((li, step) => say(li, texts[step]));
    this.rows.forEach((row) => row.cells.forEach((cell) => { cell.dataset.label = texts[cell.dataset.name]; }));
    byId('listener').querySelectorAll('.ops').forEach((cell, i) => { cell.dataset.label = texts[i ? 'ready' : 'interest']; });
  }

  /** How long a dot takes from one place to another, in milliseconds; 0 for not at all. */
  draw(m, millis) {
    const moves = millis > 40 && !this.isStill.matches && this.dots.size < 80;
    const before = new Map();
    if (moves) {
      this.dots.forEach((dot, id) => before.set(id, dot.getBoundingClientRect()));
    }
    this.used = new Set();
    this.fresh = [];
    this.drawLoop(m);
    this.drawSessions(m);
    this.drawWorkers(m);
    this.drawWords(m);
    this.dots.forEach((dot, id) => {
      if (!this.used.has(id)) {
        dot.remove();
        this.dots.delete(id);
      }
    });
    if (moves) {
      this.move(before, millis);
    }
  }

  move(before, millis) {
    const after = new Map([...this.dots].map(([id, dot]) => [id, dot.getBoundingClientRect()]));
    this.fresh.forEach(([dot, from]) => before.set(dot, from && from.getBoundingClientRect()));
    after.forEach((to, id) => {
      const from = before.get(id);
      if (from && from.width && to.width && (Math.abs(from.left - to.left) > 2 || Math.abs(from.top - to.top) > 2)) {
        this.dots.get(id).animate(
          [{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }],
          { duration: Math.min(millis, 500), easing: 'ease-in-out' });
      }
    });
  }

  drawLoop(m) {
    this.ring.forEach((li, step) => {
      if (m.step === step) { li.setAttribute('aria-current', 'step'); } else { li.removeAttribute('aria-current'); }
    });
    say(byId('what-pass'), m.pass ? this.t.pass.replace('#', m.pass) : '');
    say(byId('loop-state'), m.step === null ? '' : m.sleeping ? this.t.sleeping : this.t.awake);
    this.fill(byId('buffer'), m.buffer ? [m.buffer] : [], m.buffer && this.place(m.buffer.session, 'name'));
    this.fillSessions(byId('mailbox'), m.mailbox, 'm');
    this.fillSessions(byId('queue'), m.queue, 'q');
    const cells = byId('listener').querySelectorAll('.ops');
    this.ops(cells[0], 16, [16]);
    this.ops(cells[1], m.listenerReady ? 16 : 0, [16]);
    byId('listener').classList.toggle('lit', m.listenerReady || m.accept !== null);
    const a = m.accept;
    say(byId('accept'), a === null ? '' : a.none ? this.t.noneWaits : a.session ? this.t.accepted + ' ' + a.session : a.failed || a.refused);
  }

  place(session, name) {
    const row = this.rows.get(session);
    return row ? row[name] : null;
  }

  drawSessions(m) {
    const shown = [...m.sessions.values()].slice(0, Picture.ROWS);
    const ids = new Set(shown.map((s) => s.id));
    this.rows.forEach((row, id) => {
      if (!ids.has(id)) {
        row.tr.remove();
        this.rows.delete(id);
      }
    });
    for (const s of shown) {
      this.drawSession(this.row(s), s, m);
    }
    this.drawRest(m, [...m.sessions.values()].slice(Picture.ROWS));
    byId('nobody').hidden = m.sessions.size + m.others > 0;
  }

  /** Those that have no row of their own, in numbers. */
  drawRest(m, rest) {
    byId('more').hidden = rest.length + m.others === 0;
    if (byId('more').hidden) { return; }
    const count = (is) => rest.filter(is).length;
    const sum = (name) => rest.reduce((n, s) => n + s[name].length, 0);
    const numbers = [count((s) => !(s.ops & 1)), count((s) => s.ready), sum('lane'), sum('outbox'), sum('leaving')];
    const units = [this.t.notRead, this.t.ready, this.t.messages, this.t.replies, this.t.wire];
    const [name, ...cells] = byId('more').cells;
    const grouped = (number) => number.toLocaleString(this.language);
    say(name, `+ ${grouped(rest.length + m.others)} ${this.t.more}`);
    cells.forEach((cell, i) => say(cell, numbers[i] > 0 ? `${grouped(numbers[i])} ${units[i]}` : ''));
    byId('more').classList.toggle('lit', m.last !== null && rest.some((s) => s.id === m.last.session));
  }

  row(s) {
    if (this.rows.has(s.id)) {
      return this.rows.get(s.id);
    }
    const tr = byId('sessions').appendChild(element('tr'));
    tr.id = 'session-' + s.id;
    const th = tr.appendChild(element('th'));
    th.scope = 'row';
    const row = { tr, name: th.appendChild(element('span')), state: th.appendChild(element('span', 'state')),
      address: th.appendChild(element('span', 'address')), pause: th.appendChild(element('span', 'pause')), cells: [] };
    for (const name of ['interest', 'ready', 'lane', 'outbox', 'wire']) {
      const td = tr.appendChild(element('td', name === 'interest' || name === 'ready' ? 'ops' : 'places'));
      td.classList.add(name);
      td.dataset.name = name;
      td.dataset.label = this.t[name];
      row.cells.push(td);
      row[name] = td.classList.contains('ops') ? td : td.appendChild(element('span', 'slot'));
    }
    this.rows.set(s.id, row);
    return row;
  }

  drawSession(row, s, m) {
    say(row.name, `#${s.id} `);
    say(row.state, s.closed || (s.state === 'OPEN' ? '' : this.t.states[s.state] || s.state.toLowerCase()) + ' ');
    say(row.address, s.address);
    row.address.title = s.address;
    say(row.pause, s.pause ? this.t.notReadSince + (this.t.pauses[s.pause] || this.words.pauses[s.pause]) : '');
    row.tr.classList.toggle('lit', m.last !== null && m.last.session === s.id);
    row.tr.classList.toggle('closed', s.closed !== null);
    this.ops(row.interest, s.ops, [1, 4]);
    this.ops(row.ready, s.ready, [1, 4]);
    this.fill(row.lane, s.lane, byId('buffer'));
    this.fill(row.outbox, s.outbox, this.workerOf(m, s.id));
    this.fill(row.wire, s.leaving, null);
  }

  workerOf(m, session) {
    for (const [name, worker] of m.workers) {
      if (worker.session === session && this.workers.has(name)) {
        return this.workers.get(name).li;
      }
    }
    return null;
  }

  ops(cell, ops, all) {
    const key = ops + '/' + all.length;
    if (cell.dataset.ops === key) { return; }
    cell.dataset.ops = key;
    cell.replaceChildren(...all.map((op) => say(element('span', ops & op ? 'op on' : 'op'), OPS[op])));
    cell.querySelectorAll('.op:not(.on)').forEach((op) => op.setAttribute('aria-hidden', 'true'));
  }

  /** The dots of one place, as many as are seen. */
  fill(slot, dots, from) {
    const wanted = dots.slice(0, Picture.DOTS).map((dot) => this.dot(dot, from));
    const rest = dots.length - wanted.length;
    const key = wanted.map((dot) => dot.dataset.id).join() + '+' + rest;
    if (slot.dataset.key === key && wanted.every((dot) => dot.parentNode === slot)) { return; }
    slot.dataset.key = key;
    slot.replaceChildren(...wanted);
    if (rest > 0) { slot.append(say(element('span', 'rest'), '+' + rest)); }
  }

  dot(dot, from) {
    this.used.add(dot.id);
    let span = this.dots.get(dot.id);
    if (!span) {
      span = element('span', 'dot ' + dot.kind);
      span.dataset.id = dot.id;
      say(span, dot.text === undefined || dot.text === null ? this.t[dot.kind] : dot.text);
      span.title = span.textContent;
      this.dots.set(dot.id, span);
      this.fresh.push([dot.id, from]);
    }
    return span;
  }

  /** Sessions stand in queues by their number; where they stand is part of the name of the dot. */
  fillSessions(slot, ids, where) {
    this.fill(slot, ids.map((id) => ({ id: where + id, kind: 'session', text: id === 0 ? '–' : '#' + id })), null);
  }

  drawWorkers(m) {
    m.workers.forEach((worker, name) => {
      if (!this.workers.has(name)) {
        const li = byId('workers').appendChild(element('li'));
        this.workers.set(name, { li, name: li.appendChild(element('span', 'name')), slot: li.appendChild(element('span', 'slot')),
          since: li.appendChild(element('span', 'since')) });
      }
      const w = this.workers.get(name);
      say(w.name, name === m.loop ? `${name} (--workers 0)` : name);
      say(w.since, worker.session ? `${this.t.atWork} ${worker.session}` : worker.session === 0 ? this.t.idle : '');
      w.li.classList.toggle('lit', worker.session > 0);
      this.fill(w.slot, worker.dot ? [worker.dot] : [], null);
    });
    say(byId('woken'), m.woken ? `${m.woken} ${this.t.wakes}` : '');
    byId('no-workers').hidden = m.workers.size > 0;
  }

  drawWords(m) {
    const h = m.last;
    if (h === null) {
      const isHere = m.sessions.size + m.others > 0;
      ['what-thread', 'what-name', 'what-facts', 'what-place'].forEach((id) => say(byId(id), ''));
      say(byId('sentence'), m.step === null ? '' : m.sleeping ? (isHere ? this.t.sleepsNow : this.t.nobodyNow) : this.t.beginsNow);
      return;
    }
    const word = this.words[h.what] || { en: '', zh: '', place: '' };
    byId('now').classList.toggle('other', h.thread !== m.loop);
    say(byId('what-thread'), h.thread);
    say(byId('what-name'), name(h, this.t));
    say(byId('what-facts'), facts(h, this.t));
    say(byId('what-place'), word.place.replace('#', '.'));
    say(byId('sentence'), word[this.language]);
  }
}

/** What it is called. */
function name(h, t) { return t[h.what] || t.events[h.what] || h.what.replaceAll('-', ' '); }

/** What is known of it, in a line. */
function facts(h, t) {
  const out = h.session ? ['#' + h.session] : [];
  for (const key in t.facts) {
    if (h[key] > 0) { out.push(t.facts[key].replace('#', h[key])); }
  }
  if ('ops' in h) { out.push([1, 4, 16].filter((op) => h.ops & op).map((op) => OPS[op]).join('+') || '–'); }
  if ('nanos' in h) { out.push((h.nanos / 1e6).toFixed(3) + ' ms'); }
  if (h.text !== undefined) { out.push(h.text); }
  return out.join(' · ');
}

function byId(id) { return document.getElementById(id); }

function element(name, style) {
  const made = document.createElement(name);
  if (style) { made.className = style; }
  return made;
}

/** The only way for words into the page. */
function say(node, text) {
  if (node.textContent !== text) { node.textContent = text; }
  return node;
}
