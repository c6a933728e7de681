'use strict';
/* Twelve steps, each with what to type, what to look at, and what has to be seen before it is over. */
const TOUR = [
  { mark: 'ring', command: '', seen: (h) => h.what === 'sleeps',
    en: ['One thread', 'Everything on the left is done by one thread. It goes round these six steps. Nobody is here, so it sleeps in select, and costs nothing.'],
    zh: ['一个线程', '左边的一切由一个线程完成，它沿着这六步循环。现在没有客户端，它在 select 中睡眠，不耗费任何资源。'] },
  { mark: 'listener', command: 'client --count 1', seen: (h) => h.what === 'accepted',
    en: ['A client connects', 'The kernel makes the connection and puts it into the backlog. The listener’s key becomes ready to accept: that ends the sleep.'],
    zh: ['客户端连接', '内核建立连接并放入队列。监听套接字的键变为可接受：睡眠结束。'] },
  { mark: 'accept', command: 'client --count 1', seen: (h) => h.what === 'accept-null',
    en: ['accept returns null', 'accept() is called until it returns null: nobody else is pending. A blocking accept would wait here, and all sessions with it.'],
    zh: ['accept 返回 null', '反复调用 accept()，直到返回 null：没有别人在等。阻塞的 accept 会在这里等待，所有会话都跟着等。'] },
  { mark: 'buffer', command: 'client --count 1', seen: (h) => h.what === 'read',
    en: ['Bytes are read', 'The session’s key is ready to read. The bytes go into the one buffer that all share: an idle session owns none.'],
    zh: ['读取字节', '会话的键变为可读。字节读入所有会话共用的缓冲区：空闲的会话不占缓冲区。'] },
  { mark: 'sessions', command: 'client --count 1', seen: (h) => h.what === 'received',
    en: ['Bytes become a message', 'A whole message is decoded and stands in the session’s lane. A part of one would wait for the rest.'],
    zh: ['字节变成消息', '解码出完整的消息，放进会话的队列。不完整的会等待其余部分。'] },
  { mark: 'queue', command: 'client --count 3 --together', seen: (h) => h.what === 'handed-off' && h.sessions > 1,
    en: ['Two write at once', 'One select, several keys, one hand-off: all sessions that have messages are given away together, once in a pass.'],
    zh: ['两个客户端同时写', '一次 select，多个键，一次移交：有消息的会话一起交出，每轮一次。'] },
  { mark: 'workers', command: 'client --count 3 --together', seen: (h) => h.what === 'taken',
    en: ['Workers run the handler', 'A worker takes a session, and has it alone: so the messages of one client stay in order, without a lock.'],
    zh: ['工作线程运行处理函数', '工作线程取走一个会话并独占它：同一客户端的消息因此保持顺序，不需要锁。'] },
  { mark: 'sessions', command: 'client --count 1', seen: (h) => h.what === 'queued',
    en: ['A reply is queued', 'The handler has sent a reply. It stands in the outbox: the worker never touches the socket.'],
    zh: ['回复入队', '处理函数发送了回复，它在发件箱里：工作线程从不碰套接字。'] },
  { mark: 'mailbox', command: 'client --count 1', seen: (h) => h.what === 'woken' || h.what === 'letter',
    en: ['Who wakes it?', 'The worker posts the session into the mailbox. If the loop sleeps, the first who posts wakes it; the others need not.'],
    zh: ['谁叫醒它？', '工作线程把会话投进信箱。如果事件循环在睡眠，第一个投信的叫醒它；其他的不必。'] },
  { mark: 'sessions', command: 'client --count 1', seen: (h) => h.what === 'written',
    en: ['The reply is written', 'The selector thread writes, at once, in settle. Only if the socket is full does it ask for write, and goes on when there is room.'],
    zh: ['写出回复', '选择器线程在结算时直接写出。只有套接字满了才关注可写，有空间时再继续。'] },
  { mark: 'sessions', command: 'load --connections 1 --messages 50000 --pipeline 50000', seen: (h) => h.what === 'interest' && !(h.ops & 1),
    en: ['Somebody who is too fast, or does not read', 'Replies pile up in the outbox. Above the high-water mark the session is not read any more: interest in read is gone, and TCP stops the sender. Nobody else notices.'],
    zh: ['太快或不读的客户端', '回复堆在发件箱里。超过高水位后不再读这个会话：取消对可读的关注，TCP 让发送方停下。别人不受影响。'] },
  { mark: 'workers', command: 'serve --work 2s …', seen: (h) => h.what === 'handled' && h.nanos > 1e9,
    en: ['A worker blocks', 'A handler that waits (start the server with --work 2s) holds its worker and its session. The loop goes on, and so do all others, as long as a worker is free.'],
    zh: ['工作线程阻塞', '等待的处理函数（用 --work 2s 启动服务器）只占住自己的线程和会话。只要还有空闲的工作线程，事件循环和其他会话照常运行。'] },
];

/** What is to be typed: the way the server was started. */
function run(command) { return `java -jar ${WORDS.jar} ${command}`; }

class Tour {
  constructor() {
    this.at = -1;
    byId('tour-open').onclick = () => this.go(Math.max(this.at, 0));
    byId('tour-next').onclick = () => this.go(this.at + 1);
    byId('tour-back').onclick = () => this.go(this.at - 1);
    byId('tour-copy').onclick = () => navigator.clipboard.writeText(byId('tour-command').textContent);
    byId('tour-close').onclick = () => this.go(-1);
  }

  go(to) {
    this.at = to >= TOUR.length ? -1 : to;
    this.hasSeen = false;
    this.show();
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
    byId('tour-do').hidden = step.command === '';
    say(byId('tour-command'), run(step.command));
    say(byId('tour-seen'), this.hasSeen ? '✓ ' + this.t.seen : this.t.wait);
    byId('tour-back').disabled = this.at === 0;
    byId(step.mark).classList.add('marked');
  }

  /** Something has been shown. */
  see(happening) {
    if (this.at >= 0 && !this.hasSeen && TOUR[this.at].seen(happening)) {
      this.hasSeen = true;
      this.show();
    }
  }
}
