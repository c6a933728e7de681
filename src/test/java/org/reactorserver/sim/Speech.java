package org.reactorserver.sim;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import org.reactorserver.CloseReason;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.wire.ProxyHeader;

/** The bytes that one peer puts on the wire: who it is, and its script, in clear or in records of {@link FakeTls}. */
final class Speech {
    /** What is wrong with it. */
    enum Fault {
        NONE,
        NO_HEADER,
        MALFORMED_HEADER,
        LONG_HEADER,
        NO_TLS,
        BAD_HELLO,
        ALERT,
        TAMPERED,
        RENEGOTIATION,
        NO_NOTICE
    }

    final Fault fault;
    final byte[] bytes;
    final InetSocketAddress client; // whose address counts
    final boolean isTls;
    boolean isOwn; // a proxy's, and no client's

    private final int header; // how many bytes the PROXY header has
    private final TreeMap<Integer, Integer> clear =
            new TreeMap<>(); // by where a record ends, how much is in clear then
    private final TreeSet<Integer> starts = new TreeSet<>(); // of records, once it is served
    private int arrival = Integer.MAX_VALUE; // how many bytes make it arrive
    private int end = Integer.MAX_VALUE; // where its last record ends, which says so
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean is13;
    private int number;

    Speech(Dice dice, Plan plan, int listener, boolean good, InetSocketAddress address, byte[] script) {
        boolean isProxied = plan.isProxied(listener);
        isTls = plan.isTls(listener);
        is13 = plan.isTls13;
        fault = good ? Fault.NONE : choose(dice, isProxied, isTls);
        InetSocketAddress claimed = new InetSocketAddress(Plan.claimed(address), address.getPort());
        boolean isNobodys = isProxied && dice.oneIn(4);
        client = isProxied && !isNobodys ? claimed : address;
        if (isProxied) {
            out.writeBytes(proxyHeader(dice, isNobodys, claimed, address));
        }
        header = out.size();
        if (isTls && fault != Fault.NO_TLS) {
            speakTls(dice, plan, script);
        } else {
            arrival = header > 0 && isHeaderGood() && !isTls ? header : isProxied || isTls ? Integer.MAX_VALUE : 0;
            out.writeBytes(script);
        }
        bytes = out.toByteArray();
    }

    private static Fault choose(Dice dice, boolean isProxied, boolean isTls) {
        Fault wish = dice.oneIn(2) ? dice.any(Fault.values()) : Fault.NONE;
        boolean possible = switch (wish) {
            case NONE -> true;
            case NO_HEADER, MALFORMED_HEADER, LONG_HEADER -> isProxied;
            default -> isTls;
        };
        return possible ? wish : Fault.NONE;
    }

    private boolean isHeaderGood() {
        return fault != Fault.NO_HEADER && fault != Fault.MALFORMED_HEADER && fault != Fault.LONG_HEADER;
    }

    private byte[] proxyHeader(Dice dice, boolean isNobodys, InetSocketAddress claimed, InetSocketAddress to) {
        byte[] v2 = ProxyHeader.v2(claimed, to);
        isOwn = isNobodys && !dice.oneIn(2);
        byte[] made = isNobodys
                ? (isOwn ? local(dice, v2) : ProxyHeader.v1(null, null))
                : dice.oneIn(2) ? ProxyHeader.v1(claimed, to) : v2;
        switch (fault) {
            case NO_HEADER -> {
                return new byte[0];
            }
            case MALFORMED_HEADER -> {
                made[dice.below(6)] ^= 1;
                return made;
            }
            case LONG_HEADER -> {
                v2[14] = 0x7F;
                return v2;
            }
            default -> {
                return made;
            }
        }
    }

    /** With an address in it that is not to be looked at, or without. */
    private static byte[] local(Dice dice, byte[] v2) {
        byte[] forged = v2.clone();
        forged[12] = 0x20;
        return dice.oneIn(2) ? forged : ProxyHeader.local();
    }

    private void speakTls(Dice dice, Plan plan, byte[] script) {
        byte[] hello = Arrays.copyOf(FakeTls.HELLO, 1 + dice.below(300));
        say(FakeTls.HANDSHAKE, hello, fault == Fault.BAD_HELLO, false);
        if (fault == Fault.ALERT) {
            say(FakeTls.ALERT, FakeTls.REFUSAL, false, is13);
        }
        say(FakeTls.HANDSHAKE, FakeTls.FINISHED, false, is13);
        boolean isIn = isHeaderGood() && fault != Fault.BAD_HELLO && fault != Fault.ALERT;
        arrival = isIn ? out.size() : Integer.MAX_VALUE;
        int said = 0;
        boolean isSpoilt = !isIn;
        int empty = 0;
        int most = dice.pick(20, 300, 1 << 14);
        Dice updates = new Dice(script.length); // so that the rest stays what it is without them
        while (said < script.length) {
            if (!isSpoilt && updates.oneIn(plan.keyUpdates)) {
                say(FakeTls.HANDSHAKE, FakeTls.KEY_UPDATE, false, true);
            }
            boolean spoils = !isSpoilt && dice.oneIn(4);
            if (spoils && fault == Fault.RENEGOTIATION) {
                say(FakeTls.HANDSHAKE, FakeTls.HELLO, false, false);
                isSpoilt = true;
            }
            int least = empty < 3 ? 0 : 1;
            int count = Math.min(script.length - said, dice.between(least, most));
            empty += count == 0 ? 1 : 0;
            boolean isTampered = spoils && fault == Fault.TAMPERED;
            say(FakeTls.DATA, Arrays.copyOfRange(script, said, said + count), isTampered, is13);
            isSpoilt |= isTampered;
            said += count;
            if (!isSpoilt) {
                clear.put(out.size(), said);
            }
        }
        if (fault != Fault.NO_NOTICE) {
            say(FakeTls.ALERT, FakeTls.CLOSE_NOTIFY, false, is13);
            end = isSpoilt ? end : out.size();
        }
    }

    private void say(int type, byte[] said, boolean isTampered, boolean isHidden) {
        if (arrival < Integer.MAX_VALUE) {
            starts.add(out.size());
        }
        byte[] record = FakeTls.record(type, said, number++, isHidden);
        if (isTampered) {
            record[record.length - 1]++;
        }
        out.writeBytes(record);
    }

    /** How many bytes of its script the server knows that has read so many bytes from the wire. */
    int clearOf(int count) {
        if (isTls) {
            var last = clear.floorEntry(count);
            return last == null ? 0 : last.getValue();
        }
        return Math.max(0, count - arrival);
    }

    /** Whether it is served by then, and has begun a record whose rest is to come. */
    boolean isInsideRecord(int count) {
        Integer start = starts.lower(count);
        Integer next = starts.higher(count - 1);
        return start != null && (next == null ? count < bytes.length : count < next);
    }

    /** Whether it comes in by these bytes, as far as it is up to them. */
    boolean hasArrived(int count) {
        return count >= arrival;
    }

    /** Whether it has said by these that its stream ends; in clear that is said by the stream itself. */
    boolean isEndSaid(int count) {
        return count >= end;
    }

    /** Whether so much was read that this can be why it is refused, or its session ended. */
    boolean justifies(CloseReason reason, int count, boolean hasEnded) {
        return switch (reason) {
            case PROXY_HEADER_REFUSED -> !isHeaderGood() || (hasEnded && count < header);
            case NOT_TLS -> fault == Fault.NO_TLS;
            case HANDSHAKE_FAILED -> fault == Fault.BAD_HELLO || fault == Fault.ALERT;
            case TLS_FAILED -> fault == Fault.TAMPERED || fault == Fault.RENEGOTIATION;
            case TRUNCATED_STREAM -> isTls && hasEnded && !isEndSaid(count);
            case REPLIES_REFUSED -> isTls && !is13 && isEndSaid(count);
            default -> false;
        };
    }
}
