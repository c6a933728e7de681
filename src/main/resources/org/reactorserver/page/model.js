'use strict';
/* What the page knows: it is worked out from what the server tells, and from nothing else. */

const OPS = { 1: 'read', 4: 'write', 16: 'accept' };

/** A server as it was told of. A dot is a message, or a reply, and stands in one place at a time. */
class Model {
  constructor() {
    this.dots = 0;
    this.began = 0; // how often it has begun with a snapshot
    this.totals = { happenings: 0, received: 0, queued: 0, written: 0, bytesIn: 0, bytesOut: 0, accepted: 0, closed: 0, missed: 0 };
    this.clear();
  }

  clear() {
    this.sessions = new Map();
    this.workers = new Map();
    this.queue = []; // sessions that wait for a worker
    this.given = []; // sessions with messages that the next hand-off gives away
    this.mailbox = [];
    this.accept = null; // what the last accept said
    this.listenerReady = false;
    this.buffer = null;
    this.step = null;
    this.pass = 0;
    this.sleeping = false;
    this.woken = null;
    this.last = null;
    this.loop = null; // the name of the thread that goes round
    this.others = 0; // sessions that the server did not name
  }

  reset(snapshot) {
    this.began++;
    const workers = [...this.workers.keys()];
    const loop = this.loop;
    this.clear();
    this.loop = loop;
    workers.forEach((name) => this.workers.set(name, { session: null, dot: null })); // what they do is not known
    this.pass = snapshot.pass;
    this.sleeping = snapshot.at === 'sleeps';
    this.step = this.sleeping ? 'select' : snapshot.at || null;
    for (const who of snapshot.sessions) {
      const session = this.join(who.session, who.address);
      session.state = who.state;
      session.ops = who.ops;
      session.pause = who.pause || null;
    }
    this.others = snapshot.of - snapshot.sessions.length;
  }

  join(id, address) {
    const session = { id, address: address || '', state: 'WAITING', ops: 1, ready: 0, pause: null, lane: [], outbox: [],
      leaving: [], bytesIn: 0, bytesOut: 0, received: 0, sent: 0, states: [], closed: null, isGiven: false };
    this.sessions.set(id, session);
    return session;
  }

  /** One that was there, and that the snapshot did not name. */
  find(id) {
    this.others = Math.max(this.others - 1, 0);
    return this.join(id);
  }

  dot(kind, text, session) {
    return { id: ++this.dots, kind, text, session };
  }

  /** One thing has happened. */
  apply(h) {
    this.totals.happenings++;
    this.last = h;
    this.pass = h.pass;
    if (STEPS.includes(h.what)) { this.loop = h.thread; }
    const s = h.session ? this.sessions.get(h.session) || (h.what === 'accepted' ? null : this.find(h.session)) : null;
    if (KNOWN[h.what]) {
      KNOWN[h.what](this, h, s);
    }
  }

  worker(name) {
    if (!this.workers.has(name)) {
      this.workers.set(name, { session: 0, dot: null });
    }
    return this.workers.get(name);
  }

  /** What left with the last write is seen until the next pass. */
  forgetWhatLeft() {
    for (const session of this.sessions.values()) {
      session.leaving.length = 0;
      session.ready = 0;
      if (session.closed) {
        this.sessions.delete(session.id);
      }
    }
  }
}

function begins(m, step) {
  m.step = step;
  m.buffer = null;
}

const KNOWN = {
  'select'(m) {
    begins(m, 'select');
    m.forgetWhatLeft();
    m.listenerReady = false;
    m.accept = null;
    m.woken = null;
  },
  'ready-keys'(m) { begins(m, 'ready-keys'); },
  'hand-off'(m) { begins(m, 'hand-off'); },
  'letters'(m) { begins(m, 'letters'); },
  'timers'(m) { begins(m, 'timers'); },
  'settle'(m) { begins(m, 'settle'); },
  'sleeps'(m) { m.sleeping = true; },
  'selected'(m) { m.sleeping = false; },
  'key-ready'(m, h, s) {
    m.buffer = null;
    if (s) {
      s.ready = h.ops;
    } else if (h.ops & 16) {
      m.listenerReady = true;
    }
  },
  'accepted'(m, h) {
    m.totals.accepted++;
    m.join(h.session, h.text);
    m.accept = { session: h.session };
  },
  'accept-null'(m) { m.accept = { none: true }; },
  'accept-failed'(m, h) { m.accept = { failed: h.text }; },
  'refused'(m, h) { m.accept = { refused: h.text }; },
  'read'(m, h, s) {
    m.totals.bytesIn += h.bytes;
    s.bytesIn += h.bytes;
    m.buffer = m.dot('bytes', h.bytes + ' B', h.session);
  },
  'received'(m, h, s) {
    m.totals.received++;
    s.received++;
    s.lane.push(m.dot('message', h.text, h.session));
    if (!s.isGiven && !m.queue.includes(s.id)) {
      s.isGiven = true;
      m.given.push(s.id);
    }
  },
  'handed-off'(m) {
    for (const id of m.given) {
      const s = m.sessions.get(id);
      if (s) {
        s.isGiven = false;
      }
      const isTaken = [...m.workers.values()].some((w) => w.session === id);
      if (!isTaken && !m.queue.includes(id)) {
        m.queue.push(id);
      }
    }
    m.given = [];
  },
  'taken'(m, h, s) {
    m.queue = m.queue.filter((id) => id !== h.session);
    const w = m.worker(h.thread);
    w.session = h.session;
    w.dot = s.lane.shift() || null;
  },
  'handled'(m, h, s) {
    const w = m.worker(h.thread);
    if (w.dot === null) {
      s.lane.shift();
    }
    w.dot = null;
    w.nanos = h.nanos;
  },
  'queued'(m, h, s) {
    m.totals.queued++;
    s.outbox.push(m.dot('reply', h.text, h.session));
    const w = m.workers.get(h.thread);
    if (w && w.session === h.session && w.dot === null) {
      w.dot = s.lane.shift() || null;
    }
  },
  'released'(m, h) {
    const w = m.worker(h.thread);
    w.session = 0;
    w.dot = null;
    if (!m.mailbox.includes(h.session)) {
      m.mailbox.push(h.session);
    }
  },
  'woken'(m, h) { m.woken = h.thread; },
  'letter'(m, h) { m.mailbox = m.mailbox.filter((id) => id !== (h.session || 0)); },
  'written'(m, h, s) {
    m.totals.bytesOut += h.bytes;
    m.totals.written += h.messages;
    s.bytesOut += h.bytes;
    s.sent += h.messages;
    s.leaving = s.outbox.splice(0, h.messages);
  },
  'interest'(m, h, s) {
    s.ops = h.ops;
    s.pause = h.text || null;
  },
  'state'(m, h, s) {
    s.state = h.text;
    s.states.push(h.text);
    if (h.text === 'GONE') {
      s.closed = s.closed || 'gone';
    }
  },
  'closed'(m, h, s) {
    m.totals.closed++;
    s.closed = h.text;
    s.ops = 0;
    s.lane = [];
    s.outbox = [];
  },
};

const STEPS = ['select', 'ready-keys', 'hand-off', 'letters', 'timers', 'settle'];

/** What there is in every pass. */
const IDLE = new Set([...STEPS, 'sleeps', 'selected', 'timer', 'pass-over']);

/** Plays what was told, at a pace at which it can be seen, follows the end, skips what there is no time for. */
class Player {
  constructor(model) {
    this.model = model;
    this.items = []; // happenings, and snapshots: from these it can go on, from those that are not spare it has to
    this.at = 0; // the next one
    this.paused = false;
    this.follows = true; // skips when it is too far behind
    this.skipped = 0;
    this.holey = true; // what comes next does not follow what came last
    this.lastFrame = -1;
    this.until = null;
  }

  static get MOST() { return 40000; }

  static get BEHIND() { return 600; }

  static get CLOSE() { return 60; }

  add(frame) {
    if (frame.frame !== this.lastFrame + 1) {
      this.holey = true;
    }
    this.lastFrame = frame.frame;
    if (this.left > Player.MOST) {
      this.holey = true;
      return;
    }
    if (frame.snapshot) {
      this.items.push({ snapshot: frame.snapshot, isSpare: !this.holey });
      this.holey = false;
    }
    const from = this.items.length;
    if (!this.holey) {
      for (const happening of frame.happenings) {
        this.items.push(happening);
      }
    }
    if (this.follows && !this.paused && this.left > Player.CLOSE) { this.dropIdle(from); }
    if (frame.missed || frame.happenings.length >= 500) {
      this.holey = true;
      this.model.totals.missed += frame.missed || 0;
    }
    if (this.items.length > Player.MOST && this.follows) {
      const cut = Math.min(this.at, this.items.length - Player.MOST / 2);
      this.items.splice(0, cut);
      this.at -= cut;
    }
  }

  get left() { return this.items.length - this.at; }

  /** Where to go on when there is no time for all: the last point from which everything can be understood. */
  skip() {
    if (!this.follows || this.left <= Player.BEHIND) {
      return;
    }
    for (let i = this.items.length - 1; i > this.at; i--) {
      if (this.items[i].snapshot) {
        for (let j = this.at; j < i; j++) {
          this.count(this.items[j]);
        }
        this.skipped += i - this.at;
        this.at = i;
        this.items[i].isSpare = false;
        return;
      }
    }
  }

  /** Drops passes in which nothing came and nothing went, as when only a timer fired; of those that end behind this place. */
  dropIdle(from) {
    let start = from;
    while (start > this.at && this.items[start - 1].what !== 'pass-over') { start--; }
    let pass = [];
    for (const item of this.items.splice(start)) {
      pass.push(item);
      if (item.what === 'pass-over') {
        if (pass[0].what !== 'select' || pass.some((each) => each.session || !(IDLE.has(each.what) || each.isSpare))) {
          this.items.push(...pass);
        } else {
          pass.forEach((each) => this.count(each));
          this.skipped += pass.length;
        }
        pass = [];
      }
    }
    this.items.push(...pass);
  }

  /** How long an event may take, in milliseconds: less when many are ahead, so that they are through in some ten seconds. */
  hurry(millis) {
    return this.follows && this.left > Player.CLOSE ? millis * (Player.CLOSE / this.left) ** 2 : millis;
  }

  /** What is skipped counts, though it is not shown. */
  count(item) {
    const t = this.model.totals;
    if (item.snapshot) { return; }
    t.happenings++;
    if (item.what === 'received') { t.received++; }
    if (item.what === 'read') { t.bytesIn += item.bytes; }
    if (item.what === 'written') { t.written += item.messages; t.bytesOut += item.bytes; }
  }

  /** Shows the next one. Returns it, or null if there is none. */
  next() {
    while (this.at < this.items.length) {
      const item = this.items[this.at++];
      if (item.isSpare) { continue; }
      if (item.snapshot) {
        this.model.reset(item.snapshot);
      } else {
        this.model.apply(item);
        return item;
      }
    }
    return null;
  }

  /** Shows what comes up to an event, a step or a pass; stops at the end. */
  go(until) {
    for (;;) {
      const item = this.next();
      if (!item || until === 'event' || item.what === 'select' || (until === 'step' && STEPS.includes(item.what))) {
        return item;
      }
    }
  }

  rewind() {
    this.at = 0;
    this.model.clear();
  }
}
