package org.reactorserver.page;

import java.util.List;
import java.util.Locale;
import org.reactorserver.PassStep;
import org.reactorserver.text.Words;

/**
 * Everything that can happen, as a person is told of it: the sentence, in English and in Chinese, and the class and the
 * method that does it. The first six are the steps of a pass.
 */
public enum What {
    SELECT(
            "loop.EventLoop#select",
            "A pass begins. The loop asks the selector which sockets have news. This is its only call that may wait.",
            "新的一轮开始。事件循环询问选择器：哪些套接字有动静？这是它唯一可能等待的调用。"),
    READY_KEYS(
            "loop.EventLoop#dispatchReadyKeys",
            "Each key that is ready has its turn: the listener accepts, a session reads and decodes.",
            "依次处理每个就绪的键：监听套接字接受连接，会话读取并解码。"),
    HAND_OFF(
            "loop.EventLoop#handOff",
            "The sessions that have messages now are given to the workers, all together, once in a pass.",
            "本轮中收到消息的会话一次性交给工作线程，每轮只交一次。"),
    LETTERS(
            "loop.EventLoop#deliverLetters",
            "The loop takes what other threads have put into its mailbox: “look at this session”.",
            "事件循环取出其他线程放进信箱的信：“请看看这个会话”。"),
    TIMERS(
            "loop.EventLoop#fireTimers",
            "Timers that are due fire: deadlines, retries, a look at the workers.",
            "到期的定时器触发：超时、重试、查看工作线程。"),
    SETTLE(
            "loop.EventLoop#settle",
            "Each session touched in this pass is settled once: write, advance, work out what to ask the selector for.",
            "本轮碰过的每个会话结算一次：写出、推进状态、算出要向选择器关注什么。"),

    SLEEPS(
            "loop.EventLoop#select",
            "Nothing is left to do, so the loop sleeps. A socket, a timer or another thread's wake-up ends that.",
            "没有事做了，事件循环睡眠。套接字、定时器或其他线程的唤醒会叫醒它。",
            Measure.MILLIS),
    SELECTED(
            "loop.EventLoop#select",
            "The select has returned. With no key it was a timer or a wake-up, or something was left to do.",
            "select 返回了。没有就绪的键，说明是定时器、唤醒，或者还有剩下的事。",
            Measure.KEYS,
            Measure.SLEPT),
    KEY_READY(
            "loop.EventLoop#dispatch",
            "The kernel says that this channel can go on without waiting.",
            "内核报告：这个通道现在操作不会阻塞。",
            Measure.OPS),
    ACCEPTED(
            "engine.Listener#accept",
            "accept() took a connection out of the backlog. It is non-blocking, registered, and a session now.",
            "accept() 从队列中取出一个连接，设为非阻塞并注册，成为一个会话。"),
    ACCEPT_NULL(
            "engine.Listener#accept",
            "accept() returned null: no more connection is pending. It does not wait for one; the selector will tell.",
            "accept() 返回 null：没有待接受的连接了。它不等待；有新连接时选择器会通知。"),
    ACCEPT_FAILED(
            "engine.Listener#pause",
            "accept() failed, as for want of file descriptors. Asking at once again would spin, so a timer will.",
            "accept() 失败（例如文件描述符不够）。立刻重试只会空转，所以由定时器稍后重试。",
            Measure.RETRY),
    REFUSED(
            "engine.Arriving#turnAway",
            "A connection was accepted and turned away: a limit, or who it is.",
            "一个连接被接受后又被拒绝：超过限制，或来源不被允许。"),
    READ(
            "engine.Connection#read",
            "Bytes came, into the one buffer that all sessions share. It is free again at the end of this turn.",
            "字节读入所有会话共用的一个缓冲区；这一步结束后它又空了，所以空闲的会话不占缓冲区。",
            Measure.BYTES),
    RECEIVED(
            "engine.Connection#decode",
            "The bytes were a whole message. It goes into the session's lane, where it waits for a worker.",
            "这些字节构成一条完整的消息，放进会话的消息队列，等待工作线程。"),
    HANDED_OFF(
            "crossing.Workers#handOff",
            "Into the ready queue, and only as many workers are started as there are sessions that wait.",
            "进入就绪队列；有多少会话在等，就最多启动多少个工作线程。",
            Measure.SESSIONS,
            Measure.WORKERS),
    TAKEN(
            "session.ServedSession#run",
            "A worker, another thread, has taken the session. No other worker gets it meanwhile, so order survives.",
            "一个工作线程（另一个线程）取走了这个会话。期间别的线程拿不到它，所以顺序不乱。"),
    HANDLED(
            "session.ServedSession#handle",
            "The handler has returned. Had it waited, only this worker and this session would have.",
            "处理函数返回了。即使它等待，也只耽误这个线程和这个会话。",
            Measure.NANOS),
    QUEUED(
            "session.Sending#send",
            "The reply is in the session's outbox. The worker does not touch the socket: only the selector thread writes.",
            "回复放进会话的发件箱。工作线程不碰套接字：只有选择器线程写。"),
    RELEASED(
            "session.ServedSession#handleSome",
            "The worker lets go of the session and posts it to the loop's mailbox, so that its replies are written.",
            "工作线程放开会话，并把它投进事件循环的信箱，好让回复被写出。",
            Measure.MESSAGES,
            Measure.NANOS),
    WOKEN(
            "loop.EventLoop#post",
            "The loop sleeps, so the thread that posts wakes it. Later posts need not: one wake-up per sleep.",
            "事件循环在睡眠，投信的线程叫醒它。之后投信的不必再叫：每次睡眠只唤醒一次。"),
    LETTER(
            "engine.Connection#onDelivery",
            "A letter is delivered: somebody has been at this session's lane or outbox. It will be settled in this pass.",
            "一封信送达：有人动过这个会话的队列或发件箱。它将在本轮结算。"),
    TIMER(
            "loop.EventLoop#fireTimers",
            "A timer fires. Timers stand in a heap, ordered by when they are due, and need no thread.",
            "定时器触发。定时器按到期时间排在堆里，不需要线程。",
            Measure.LATE),
    WRITTEN(
            "engine.Output#write",
            "Written at once, without asking whether the socket has room: it almost always has.",
            "直接写出，不先问套接字有没有空间：几乎总是有的。",
            Measure.BYTES,
            Measure.MESSAGES),
    WRITE_BLOCKED(
            "engine.Output#write",
            "The peer has not taken all: it does not read, or not fast enough. The rest waits until there is room.",
            "对方没有全部收下：它不读，或读得不够快。其余的等到有空间时再写。",
            Measure.WAITING),
    INTEREST(
            "engine.Parts#applyInterest",
            "What the selector is asked for has changed. Who does not read its replies is not read either: backpressure.",
            "向选择器关注的操作变了。不读回复的客户端，服务器也不再读它：这就是背压。",
            Measure.OPS),
    DEADLINE(
            "engine.Alarm#onTimer",
            "The time is up that the peer had for something. It is looked at once more before anything follows.",
            "对方的时限到了。在采取措施之前会再看它一次。"),
    STATE(
            "engine.Parts#to",
            "The session has come into another state. It only ever goes forward.",
            "会话进入下一个状态。状态只会向前。"),
    CLOSED("engine.Connection#close", "The channel is closed, and the session's place is free.", "通道关闭，会话的位置空了出来。"),
    PASS_OVER(
            "loop.EventLoop#pass",
            "The pass is over. What it has learned is written out, and the loop goes back to the selector.",
            "这一轮结束。得知的一切都已写出，事件循环回到选择器。",
            Measure.NANOS),
    SELECTOR_REPLACED(
            "loop.EventLoop#replaceSelector",
            "The selector returned again and again without a reason. It was replaced by a new one.",
            "选择器一再无故返回，已换成新的。");

    /** Package, class and method. */
    final String place;

    final String english;
    final String chinese;

    /** What the one or two numbers of it are. */
    final List<Measure> numbers;

    What(String place, String english, String chinese, Measure... numbers) {
        this.place = place;
        this.english = english;
        this.chinese = chinese;
        this.numbers = List.of(numbers);
    }

    static What of(PassStep step) {
        return values()[step.ordinal()]; // they come first, in this order
    }

    /** Whether it is the begin of one of the six steps. */
    boolean isStep() {
        return ordinal() < PassStep.values().length;
    }

    /** What a client has said, or is told: not for everybody's eyes. */
    boolean isPrivate() {
        return this == RECEIVED || this == QUEUED;
    }

    /** Its name in the data: {@code key-ready}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The sentence. */
    public String sentence(Locale locale) {
        return Words.isChinese(locale) ? chinese : english;
    }
}
