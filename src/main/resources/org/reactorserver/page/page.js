'use strict';
/* The stream, or the recording; the controls; the overview. */

const PACES = [0, 20, 60, 150, 300, 500, 1000, 1500, 2000]; // milliseconds an event
const RECORDING = byId('recording') ? JSON.parse(byId('recording').textContent) : null;

const model = new Model();
const player = new Player(model);
const WORDS = JSON.parse(byId('words').textContent);
const picture = new Picture(WORDS);
const tour = new Tour(() => stopPicture(!holds()), () => stopPicture(false));
let texts;
let brake = null; // what the server says of its brake
let due = 0; // when the next event is to be shown
let status = 'connecting';
const log = [];

// ---- language

function speak(language) {
  texts = TEXTS[language];
  document.documentElement.lang = language;
  document.querySelectorAll('[data-t]').forEach((each) => say(each, texts[each.dataset.t]));
  document.querySelectorAll('[data-label]').forEach((each) => {
    if (texts[each.dataset.label]) { each.setAttribute('aria-label', texts[each.dataset.label]); }
  });
  say(byId('language'), language === 'en' ? '中文' : 'English');
  byId('language').lang = language === 'en' ? 'zh' : 'en';
  picture.speak(texts, language);
  tour.speak(texts, language);
  say(end, texts.endIt);
  say(byId('nobody-command'), run('client --count 3'));
  tellControls();
  draw();
}

// ---- playing

/** Whether the buttons mean the server's loop, and not only what is shown. */
function holds() { return RECORDING === null && brake !== null && token() !== ''; }

function isPaused() { return holds() ? brake.stopped : player.paused; }

function pace() { return PACES[byId('pace').value]; }

/** Returns whether the tour stops there. */
function shown(item) {
  log.push(item);
  if (log.length > 60) { log.shift(); }
  return tour.see(item, model);
}

function stopPicture(stops) {
  player.paused = stops;
  tellControls();
}

function tick(now) {
  requestAnimationFrame(tick);
  if (player.paused || now < due) { return; }
  player.skip();
  const isSlow = brake !== null && (brake.pace > 0 || brake.stopped);
  const millis = isSlow ? 0 : player.hurry(pace());
  const began = model.began;
  let item = player.next();
  if (item === null) {
    tour.ask();
    if (model.began !== began) {
      tour.see({}, model);
      draw();
    }
    return;
  }
  let stops = shown(item);
  const most = millis < 17 ? Math.min(17 / millis, 200) : 1; // in one picture
  for (let i = 1; !stops && i < most && (item = player.next()) !== null; i++) {
    stops = shown(item);
  }
  due = now + millis;
  draw(isSlow ? 400 : millis);
}

function draw(millis = 0) {
  picture.draw(model, millis);
  if (byId('log').open) {
    const list = byId('log').querySelector('ol');
    list.replaceChildren(...log.slice().reverse().map((h) => say(element('li'), `${h.pass} ${h.thread} ${name(h, texts)} ${facts(h, texts)}`)));
  }
  tellStatus();
}

async function command(name) {
  if (holds()) {
    await order('do=' + name);
  } else if (name === 'stop' || name === 'resume') {
    player.paused = name === 'stop';
  } else {
    player.paused = true;
    const item = player.go(name);
    if (item) { shown(item); }
    draw(400);
    read();
  }
  tellControls();
}

/** For who does not see the picture: the step that was taken. */
function read() {
  const h = model.last;
  if (h !== null) {
    say(byId('said'), `${name(h, texts)} ${facts(h, texts)}. ${byId('sentence').textContent}`);
  }
}

function tellControls() {
  say(byId('play'), isPaused() ? texts.play : texts.pause);
  const seconds = pace() / 1000;
  say(byId('pace-out'), seconds === 0 ? texts.full : `${seconds} ${texts.each}`);
  byId('pace').setAttribute('aria-valuetext', byId('pace-out').textContent);
  say(byId('mode'), mode());
}

/** What the buttons mean now. */
function mode() {
  if (RECORDING) { return ''; }
  if (holds()) { return !brake.stopped ? texts.heldMode : brake.held ? texts.heldNow : texts.heldNext; }
  return brake ? texts.needToken : !isPaused() ? '' : player.left > 0 ? `${texts.viewMode} · ${player.left} ${texts.ahead}` : texts.viewEnd;
}

function tellStatus() {
  const parts = [RECORDING ? texts.replay : texts[status]];
  if (RECORDING && RECORDING.left_out) { parts.push(`${RECORDING.left_out} ${texts.leftOut}`); }
  if (RECORDING && player.left === 0) { parts.push(texts.end); }
  if (player.skipped) { parts.push(`${player.skipped} ${texts.skipped}`); }
  if (model.totals.missed) { parts.push(`${model.totals.missed} ${texts.missed}`); }
  say(byId('status'), parts.join(' · '));
  byId('status').title = byId('status').textContent;
  byId('status').className = RECORDING ? '' : status;
}

// ---- the server

function token() { return byId('token').value.trim(); }

function ask(method, path) {
  const headers = token() === '' ? {} : { Authorization: 'Bearer ' + token() };
  return fetch(path, { method, headers, cache: 'no-store' });
}

/** To the brake; a server that is gone does not hear it, and the status says so. */
function order(what) { return ask('POST', '/page/hold?' + what).catch(() => null); }

let stream = 0; // the one that counts; a new token begins another

async function listen() {
  const mine = ++stream;
  status = 'connecting';
  while (mine === stream) {
    try {
      const answer = await ask('GET', '/page/events');
      if (answer.status === 401) {
        status = 'refusedToken';
        tellStatus();
        return;
      }
      if (!answer.ok) { throw new Error(answer.status); }
      status = 'live';
      player.holey = true;
      player.lastFrame = -2;
      if (await follow(answer.body.getReader(), mine)) { return; }
    } catch (e) {
      status = 'lost';
    }
    brake = null; // until the next server says of its own
    tellStatus();
    tellControls();
    await new Promise((wake) => setTimeout(wake, 1000));
  }
}

/** Takes what comes. Returns whether there will be no more. */
async function follow(reader, mine) {
  const decoder = new TextDecoder();
  let rest = '';
  let isDrained = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (mine !== stream) {
      reader.cancel().catch(() => {});
      return true;
    }
    if (done) {
      status = isDrained ? 'drained' : 'lost';
      return false;
    }
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === 'event: drained') {
        isDrained = true;
      } else if (line.startsWith('data: {"frame"')) {
        take(JSON.parse(line.slice(6)));
      }
    }
    tellStatus();
  }
}

function take(frame) {
  player.add(frame);
  const before = JSON.stringify(brake);
  brake = frame.brake || null;
  if (JSON.stringify(brake) !== before) {
    tellControls();
    if (brake && brake.stopped) { setTimeout(read, 100); }
  }
}

async function save() {
  const answer = await ask('GET', '/page/recording').catch(() => null);
  if (answer === null || !answer.ok) { return; } // the status says why
  const link = element('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = 'reactor.html';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// ---- the overview

const history = new Map();
let rows = [];
let chosen = 0; // the session that is looked at
let sort = { key: 'id', down: false };

async function overview() {
  if (!byId('overview').hidden) {
    const [metrics, doctor, sessions] = await Promise.allSettled(
      ['/metrics', '/doctor', '/sessions?most=1000'].map((path) => ask('GET', path).then((a) => (path.startsWith('/sess') ? a.json() : a.text()))));
    if (metrics.status === 'fulfilled') { tiles(metrics.value); }
    say(byId('doctor'), doctor.status === 'fulfilled' ? doctor.value : '–');
    if (sessions.status === 'fulfilled') {
      rows = sessions.value.sessions;
      say(byId('count'), `${rows.length} ${texts.of} ${sessions.value.of}`);
      table();
      detail();
    }
  }
  setTimeout(overview, 1000);
}

function choose(id) {
  chosen = id;
  say(endSaid, '');
  detail();
}

/** A tile for each counter and each gauge that is not 0, and for each time, by what the metrics say of themselves. */
function tiles(text) {
  const types = new Map();
  const buckets = new Map();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)/.exec(line);
    if (type) { types.set(type[1], type[2]); }
    const bucket = /^([a-z_]+)_bucket\{le="([^"]+)"\} (\S+)/.exec(line);
    if (bucket) {
      buckets.set(bucket[1], (buckets.get(bucket[1]) || []).concat([[Number(bucket[2].replace('+Inf', 'Infinity')), Number(bucket[3])]]));
    }
    const found = /^([a-z_]+)(\{[^}]*\})? (\S+)/.exec(line);
    const kind = found && (types.get(found[1]) || types.get(found[1].replace(/_total$/, '')));
    if (kind === 'counter') {
      tile(found[1], found[2] || '', perSecond(found[1] + found[2], Number(found[3])), texts.perSecond, Number(found[3]) !== 0);
    } else if (kind === 'gauge' && !/build|limit/.test(found[1])) {
      tile(found[1], found[2] || '', Number(found[3]), '', Number(found[3]) !== 0);
    }
  }
  buckets.forEach((all, name) => quantile(name, all));
}

const totals = new Map();

function perSecond(key, total) {
  const last = totals.get(key);
  totals.set(key, total);
  return last === undefined ? 0 : total - last;
}

/** Of the last second: below this were 99 of 100. */
function quantile(name, all) {
  const counts = all.map(([bound, total]) => [bound, perSecond(name + bound, total)]);
  const of = counts[counts.length - 1][1];
  const found = counts.find(([, count]) => count >= 0.99 * of);
  const isTime = name.endsWith('_seconds');
  if (of > 0) {
    tile(name.replace(/_seconds$/, ''), ' 99 %', isTime ? found[0] * 1000 : found[0], isTime ? ' ms' : ' B', true);
  }
}

function tile(name, labels, value, unit, isWanted) {
  const key = name + labels;
  if (!history.has(key)) {
    if (!isWanted) { return; }
    history.set(key, { values: [], box: byId('tiles').appendChild(tileBox()) });
  }
  const { values, box } = history.get(key);
  values.push(value);
  if (values.length > 60) { values.shift(); }
  const [number, label, line] = box.children;
  say(number, (unit === ' ms' || unit === ' B' ? '≤ ' : '') + compact(value) + unit);
  say(label, words(name) + labels.replace(/\{.*?="(.*?)"\}/, (all, of) => ': ' + words(of)));
  const top = Math.max(...values.filter(Number.isFinite), 1e-9);
  const left = 60 - values.length;
  line.firstChild.setAttribute('points', values.map((v, i) => `${left + i},${20 - 18 * Math.min(v / top, 1)}`).join(' '));
  const place = FIRST.findIndex((each) => name.includes(each));
  box.style.order = place < 0 ? FIRST.length : place;
}

/** The tiles that are looked at first. */
const FIRST = ['messages_received', 'replies_written', 'ready_to_handled', 'handler', 'pass', 'sessions', 'connections', 'waiting', 'bytes'];

function words(name) { return name.replace(/^reactor_/, '').replace(/_total$/, '').replaceAll('_', ' '); }

function tileBox() {
  const box = element('div');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 60 20');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'polyline'));
  box.append(element('b'), element('span'), svg);
  return box;
}

function compact(value) {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: 'compact', maximumSignificantDigits: 4 }).format(value);
}

function table() {
  const keys = Object.keys(texts.columns);
  const head = byId('table').tHead.rows[0];
  if (head.dataset.language !== document.documentElement.lang) {
    head.dataset.language = document.documentElement.lang;
    head.replaceChildren(...keys.map((key) => {
      const th = element('th');
      const button = th.appendChild(say(element('button'), texts.columns[key]));
      button.dataset.key = key;
      button.onclick = () => {
        sort = { key, down: sort.key === key && !sort.down };
        table();
      };
      return th;
    }));
  }
  [...head.cells].forEach((th) => th.setAttribute(
    'aria-sort', th.firstChild.dataset.key === sort.key ? (sort.down ? 'descending' : 'ascending') : 'none'));
  const wanted = byId('filter').value.toLowerCase();
  const found = rows
    .filter((row) => keys.some((key) => String(row[key] ?? '').toLowerCase().includes(wanted)))
    .sort((a, b) => compare(a[sort.key], b[sort.key]) * (sort.down ? -1 : 1));
  byId('table').tBodies[0].replaceChildren(...found.slice(0, 200).map((row) => {
    const tr = element('tr');
    keys.forEach((key) => tr.append(say(element('td', typeof row[key] === 'number' && key !== 'id' ? 'number' : ''), cell(row, key))));
    const open = say(element('button'), '#' + row.id);
    open.onclick = () => choose(row.id);
    tr.cells[0].replaceChildren(open);
    return tr;
  }));
}

function compare(a, b) {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''));
}

/** What is known of one session, and what it did since the page has seen it. */
function detail() {
  const box = byId('detail');
  const row = rows.find((each) => each.id === chosen);
  box.hidden = row === undefined;
  if (box.hidden) { return; }
  const lines = Object.entries(texts.columns).map(([key, label]) => [label, cell(row, key)]);
  const known = model.sessions.get(row.id);
  if (known) {
    lines.push([texts.seenOfIt, `${known.states.concat(known.state).join(' → ')} · ${known.received} ${texts.messages}, ${known.bytesIn} B · `
      + `${known.sent} ${texts.replies}, ${known.bytesOut} B`]);
  }
  const list = lines.filter(([, text]) => text !== '').flatMap(([label, text]) => [say(element('dt'), label), say(element('dd'), text)]);
  box.replaceChildren(...list, ending);
}

const ending = element('div', 'ends');
const end = ending.appendChild(element('button'));
const endSaid = ending.appendChild(element('span')); // what the server says to it
end.id = 'end-session';
end.onclick = async () => say(endSaid, await (await ask('POST', `/sessions/${chosen}/close`)).text());

/** What stands in a cell; nothing where there is nothing. */
function cell(row, key) {
  const value = row[key];
  return value === null || value === undefined || value === 0 || value === false ? '' : value === true ? '✓' : String(value);
}

// ---- wiring

function show(name) {
  for (const each of ['work', 'overview']) {
    byId(each).hidden = each !== name;
    byId('tab-' + each).setAttribute('aria-selected', String(each === name));
  }
}

byId('language').onclick = () => speak(document.documentElement.lang === 'en' ? 'zh' : 'en');
byId('tab-work').onclick = () => show('work');
byId('tab-overview').onclick = () => show('overview');
byId('play').onclick = () => command(isPaused() ? 'resume' : 'stop');
byId('next-event').onclick = () => command('event');
byId('next-step').onclick = () => command('step');
byId('next-pass').onclick = () => command('pass');
byId('save').onclick = save;
byId('filter').oninput = table;
byId('log').ontoggle = () => draw();
byId('pace').oninput = () => {
  tellControls();
  if (holds()) { order('pace=' + pace()); }
};
byId('token').onchange = () => {
  tellControls();
  listen();
};
byId('again').onclick = () => {
  player.rewind();
  draw();
};
document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, button, summary') && event.key === ' ' || event.target.matches('input') || event.ctrlKey
      || event.altKey || event.metaKey) { return; }
  const key = { ' ': 'play', ArrowRight: 'next-event', s: 'next-step', p: 'next-pass', 1: 'tab-work', 2: 'tab-overview' }[event.key];
  if (key) {
    event.preventDefault();
    byId(key).click();
  }
});

speak(navigator.language.startsWith('zh') ? 'zh' : 'en');
if (RECORDING) {
  player.follows = false;
  RECORDING.frames.forEach((frame) => player.add(frame));
  ['token-label', 'save', 'tab-overview'].forEach((id) => { byId(id).hidden = true; });
  byId('again').hidden = false;
} else {
  listen();
  overview();
}
requestAnimationFrame(tick);
