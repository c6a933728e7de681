'use strict';
/* Twelve steps: what to look at, what it means, and what has to be seen before the picture stops there. One client is
   followed through nine of them; where something is to be typed, it is told. */
const ONE = ['client --count 1'];
const THREE = ['client --count 3 --together'];
const TOUR = [
  { mark: 'round', commands: [], seen: (h, m) => m.sleeping,
    en: ['One thread', 'One thread goes round these six steps. It waits in one of them only, in select: accept, read and write return at once, '
      + 'whatever they find. So no client can make it wait for another, and that is why one thread is enough. Now there is nothing to do: it sleeps.'],
    zh: ['一个线程', '一个线程沿着这六步循环，只在其中一步等待：select。accept、读、写无论结果如何都立刻返回。'
      + '所以没有客户端能让它为别人等待，一个线程就够了。现在没有事做，它在睡眠。'] },
  { mark: 'listener', commands: ONE, seen: (h) => h.what === 'accepted',
    en: ['A client connects', 'The kernel has made the connection and put it into the backlog. That made the listener’s key ready, and select returned: '
      + 'the kernel woke the thread. accept() took the connection out; it is a session with a key of its own now.'],
    zh: ['客户端连接', '内核建立了连接，放进等待队列。监听套接字的键因此就绪，select 返回：是内核叫醒了线程。accept() 取出连接，它现在是一个会话，有自己的键。'] },
  { mark: 'accept', commands: ONE, seen: (h) => h.what === 'accept-null',
    en: ['accept returned null', 'accept() is called again until it returns null, which is no error: nobody else is in the backlog now. It is non-blocking; '
      + 'a blocking accept would wait here for the next client, and all sessions with it.'],
    zh: ['accept 返回 null', '反复调用 accept()，直到它返回 null。这不是错误：现在队列里没有别人了。它是非阻塞的；阻塞的 accept 会在这里等下一个客户端，所有会话都跟着等。'] },
  { mark: 'shared', commands: ONE, seen: (h) => h.what === 'read',
    en: ['Bytes are read', 'The session’s key was ready to read, so read() did not wait. The bytes are in the one buffer that all sessions share: who is silent owns none.'],
    zh: ['读取字节', '会话的键就绪可读，所以 read() 没有等待。字节在所有会话共用的缓冲区里：沉默的会话不占缓冲区。'] },
  { mark: 'sessions', commands: ONE, seen: (h) => h.what === 'received',
    en: ['Bytes become a message', 'A whole message was decoded. It stands in the session’s lane, and the shared buffer is free again. A part of a message would wait for the rest.'],
    zh: ['字节变成消息', '解码出一条完整的消息，放进会话的消息队列，共用缓冲区又空了。不完整的消息会等待其余部分。'] },
  { mark: 'others', commands: ONE, seen: (h) => h.what === 'taken',
    en: ['A worker runs the handler', 'The handler may take its time, so it does not run on the selector thread: a worker has taken the session from the ready queue. '
      + 'It has it alone, so the messages of one client stay in order, without a lock.'],
    zh: ['工作线程运行处理函数', '处理函数可能很慢，所以不在选择器线程上运行：一个工作线程从就绪队列取走了会话，并独占它，同一客户端的消息因此保持顺序，不需要锁。'] },
  { mark: 'sessions', commands: ONE, seen: (h) => h.what === 'queued',
    en: ['A reply is queued', 'The handler has sent a reply. It stands in the session’s outbox: the worker does not touch the socket. The selector thread is to write it, but may be asleep.'],
    zh: ['回复入队', '处理函数发送了回复，它在会话的发件箱里：工作线程不碰套接字。该由选择器线程来写，可它也许在睡眠。'] },
  { mark: 'between', commands: ONE, seen: (h) => h.what === 'woken' || h.what === 'letter',
    en: ['Who wakes it?', 'The worker puts a letter into the mailbox, “look at this session”, and wakes the selector, since it sleeps. Who posts while it is awake, or woken already, '
      + 'need not. So three things end its sleep: the kernel, for a socket; another thread, for a letter; the time, for a timer.'],
    zh: ['谁叫醒它？', '工作线程把信投进信箱：“请看看这个会话”，并叫醒选择器，因为它在睡眠。它醒着或已被叫醒时，投信的不必再叫。'
      + '所以有三者能结束睡眠：内核（套接字）、别的线程（信）、时间（定时器）。'] },
  { mark: 'sessions', commands: ONE, seen: (h) => h.what === 'written',
    en: ['The reply is written', 'In settle the selector thread writes, at once and without asking first: a socket almost always has room. If it has none, the rest stays in the outbox, '
      + 'and the session’s interest becomes write.'],
    zh: ['写出回复', '选择器线程在结算时直接写出，不先询问：套接字几乎总有空间。没有空间时，其余的留在发件箱，会话改为关注可写。'] },
  { mark: 'between', commands: THREE, seen: (h) => h.what === 'handed-off' && h.sessions > 1,
    en: ['Several write at once', 'One select, several ready keys, one hand-off: all sessions that have messages are given to the workers together, once in a pass.'],
    zh: ['几个客户端同时写', '一次 select，多个就绪的键，一次移交：有消息的会话一起交给工作线程，每轮一次。'] },
  { mark: 'others', commands: ['serve --echo --work 2s --workers 2', 'client --count 3'],
    seen: (h, m) => m.sleeping && m.queue.length > 0 && [...m.workers.values()].filter((w) => w.session).length > 1,
    en: ['A worker blocks', 'End the server with Ctrl-C and start it anew, with a handler that takes 2 s; the page returns by itself. Two workers wait with two sessions, '
      + 'and the third session waits in the ready queue for one of them. The selector thread does not wait for them: it sleeps in select, ready for anybody who comes.'],
    zh: ['工作线程阻塞', '用 Ctrl-C 结束服务器，以耗时 2 秒的处理函数重新启动；页面会自己恢复。两个工作线程在为两个会话等待，第三个会话在就绪队列里等其中一个空出来。'
      + '选择器线程不等它们：它在 select 中睡眠，谁来都能应答。'] },
  { mark: 'sessions', commands: ['serve --echo --transcript off', 'bash -c \'yes > /dev/tcp/127.0.0.1/8888\''],
    seen: (h, m) => [...m.sessions.values()].some((s) => s.pause === 'REPLIES_WAITING'),
    en: ['A client that does not read', 'End the server once more, start it like this, and have a client send without end that reads no reply. Its socket is full, so replies pile up in its outbox; '
      + 'above a limit it is not read any more: “read” has gone from its interest, “write” has come. Then its own sending stops, by TCP, and it costs nothing more; after 30 s the server ends it. Nobody else notices: '
      + 'press Play, connect another client (client --count 1), and see.'],
    zh: ['不读的客户端', '再次结束服务器，这样启动，让一个客户端不停地发送，却不读回复。它的套接字满了，回复堆在发件箱里；超过限度就不再读它：它的关注中没有了 read，只有 write。'
      + '于是 TCP 让它自己停下，不再耗费什么；30 秒后服务器结束它。别人不受影响：按“播放”，再连接一个客户端（client --count 1）看看。'] },
];

/** What is to be typed: the way the server was started. */
function run(command) {
  const jar = `java -jar ${WORDS.jar} `;
  return command.startsWith('bash') ? command
    : command.startsWith('serve') ? `${jar}${command} --admin ${location.host} --admin-token-file token` : jar + command;
}

/** Goes along with what is shown, and stops the picture at what the step is about. */
class Tour {
  constructor(pause, goOn) {
    this.at = -1;
    this.pause = pause;
    this.goOn = goOn;
    byId('tour-open').onclick = () => this.go(Math.max(this.at, 0));
    byId('tour-next').onclick = () => this.go(this.at + 1);
    byId('tour-back').onclick = () => this.go(this.at - 1);
    byId('tour-copy').onclick = () => navigator.clipboard.writeText(byId('tour-command').textContent);
    byId('tour-close').onclick = () => this.go(-1);
  }

  go(to) {
    this.at = to >= TOUR.length ? -1 : to;
    this.hasSeen = false;
    this.asks = this.at >= 0 && (this.at === 0 || TOUR[this.at - 1].commands !== TOUR[this.at].commands);
    this.goOn();
    this.show();
    if (this.at >= 0) {
      this.see({}, model);
      byId('tour').scrollIntoView({ block: 'nearest' });
    }
  }

  speak(texts, language) {
    this.t = texts;
    this.language = language;
    this.show();
  }

  show() {
    document.querySelectorAll('.marked').forEach((each) => each.classList.remove('marked'));
    byId('tour').hidden = this.at < 0;
    if (this.at < 0) { return; }
    const step = TOUR[this.at];
    const [title, text] = step[this.language];
    say(byId('tour-title'), `${this.at + 1}/${TOUR.length} ${title}`);
    say(byId('tour-text'), text);
    byId('tour-do').hidden = this.hasSeen || !this.asks || step.commands.length === 0;
    say(byId('tour-command'), step.commands.map(run).join('\n'));
    say(byId('tour-seen'), this.hasSeen ? '✓ ' + this.t.seen : this.t.wait);
    byId('tour-back').disabled = this.at === 0;
    byId(step.mark).classList.add('marked');
  }

  /** Something has been shown. Returns whether the picture is to stop there. */
  see(happening, model) {
    if (this.at < 0 || this.hasSeen || !TOUR[this.at].seen(happening, model)) { return false; }
    this.hasSeen = true;
    this.show();
    this.pause();
    return true;
  }

  /** Nothing else is ahead, so what is to be seen has to be brought about, again or for the first time. */
  ask() {
    if (this.at >= 0 && !this.hasSeen && !this.asks) {
      this.asks = true;
      this.show();
    }
  }
}
