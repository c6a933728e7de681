package org.reactorserver.page;

import java.nio.channels.SelectionKey;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.reactorserver.text.Plural;
import org.reactorserver.text.Words;

/** What a number of a happening counts: how a program is told of it, and how a person. */
enum Measure {
    /** For how many milliseconds it sleeps; 0 if nothing but news ends that. */
    MILLIS {
        @Override
        String text(long value, boolean isChinese) {
            if (value == 0) {
                return isChinese ? "没有定时器" : "no timer is set";
            }
            return isChinese ? "最多 " + value + " 毫秒" : "at most " + value + " ms";
        }
    },
    KEYS {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? value + " 个键" : Plural.of(value, "key");
        }
    },
    /** 1 if it has slept, else 0. */
    SLEPT {
        @Override
        String text(long value, boolean isChinese) {
            if (value == 0) {
                return isChinese ? "没有睡眠" : "has not slept";
            }
            return isChinese ? "睡眠之后" : "has slept";
        }
    },
    /** The bits of {@link SelectionKey}. */
    OPS {
        @Override
        String text(long value, boolean isChinese) {
            String names = OPERATIONS.entrySet().stream()
                    .filter(each -> (each.getKey() & value) != 0)
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining(" | "));
            return !names.isEmpty() ? names : isChinese ? "没有操作" : "no operation";
        }
    },
    /** After how many milliseconds it is tried again. */
    RETRY {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? value + " 毫秒后重试" : "again in " + value + " ms";
        }
    },
    BYTES {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? value + " 字节" : Plural.of(value, "byte");
        }
    },
    MESSAGES {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? value + " 条消息" : Plural.of(value, "message");
        }
    },
    SESSIONS {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? value + " 个会话" : Plural.of(value, "session");
        }
    },
    /** How many were started. */
    WORKERS {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? "启动 " + value + " 个工作线程" : Plural.of(value, "worker") + " started";
        }
    },
    /** How long something took. */
    NANOS {
        @Override
        String text(long value, boolean isChinese) {
            return millis(value, isChinese);
        }
    },
    /** How many nanoseconds after its time. */
    LATE {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? "迟到 " + millis(value, true) : millis(value, false) + " late";
        }
    },
    /** Bytes that could not be written yet. */
    WAITING {
        @Override
        String text(long value, boolean isChinese) {
            return isChinese ? "剩 " + value + " 字节" : Plural.of(value, "byte") + " left";
        }
    };

    private static final double NANOS_PER_MILLI = 1e6;

    private static final Map<Integer, String> OPERATIONS = new TreeMap<>(Map.of(
            SelectionKey.OP_READ, "OP_READ",
            SelectionKey.OP_WRITE, "OP_WRITE",
            SelectionKey.OP_CONNECT, "OP_CONNECT",
            SelectionKey.OP_ACCEPT, "OP_ACCEPT"));

    private static String millis(long nanos, boolean isChinese) {
        return String.format(Locale.ROOT, "%.3f %s", nanos / NANOS_PER_MILLI, isChinese ? "毫秒" : "ms");
    }

    abstract String text(long value, boolean isChinese);

    /** Its name in the data. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The number with its unit. */
    String text(long value, Locale locale) {
        return text(value, Words.isChinese(locale));
    }
}
