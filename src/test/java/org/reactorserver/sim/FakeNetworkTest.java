package org.reactorserver.sim;

import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fake network does what the real one does: each script sees the same over both. */
class FakeNetworkTest {

    private interface Script {
        void run(Link link, List<Object> seen) throws IOException;
    }

    private final Map<String, Script> scripts = new LinkedHashMap<>();

    {
        scripts.put("bytes go both ways", (link, seen) -> {
            seen.add(link.select(OP_READ | OP_WRITE));
            link.peerSends(100);
            seen.add(link.select(OP_READ | OP_WRITE));
            seen.add(link.read());
            seen.add(link.read());
            seen.add(link.write(30));
            seen.add(link.peerReads());
        });
        scripts.put("the end of the stream stays readable", (link, seen) -> {
            link.peerSends(10);
            link.peerEnds();
            for (int i = 0; i < 3; i++) {
                seen.add(link.select(OP_READ));
                seen.add(link.read());
            }
            seen.add(link.write(30));
            seen.add(link.peerReads());
        });
        scripts.put("no interest hides the end and a reset", (link, seen) -> {
            link.peerEnds();
            seen.add(link.select(0));
            link.peerResets();
            seen.add(link.select(0));
            seen.add(link.select(OP_READ));
        });
        scripts.put("OP_WRITE alone shows a reset and not the end", (link, seen) -> {
            link.fill();
            seen.add(link.select(OP_WRITE));
            link.peerEnds();
            seen.add(link.select(OP_WRITE));
            link.peerResets();
            seen.add(link.select(OP_WRITE));
        });
        scripts.put("a reset is ready for whatever is asked", (link, seen) -> {
            link.fill();
            link.peerResets();
            seen.add(link.select(OP_READ | OP_WRITE));
        });
        scripts.put("after a reset, bytes that have arrived are read first", (link, seen) -> {
            link.peerSends(10);
            link.settle();
            link.peerResets();
            for (int i = 0; i < 3; i++) {
                seen.add(link.select(OP_READ));
                seen.add(link.read());
            }
        });
        scripts.put("after a reset, every write fails", (link, seen) -> {
            link.peerResets();
            link.settle();
            seen.add(link.write(1));
            seen.add(link.write(1));
            seen.add(link.read());
        });
        scripts.put("a write that fails tells of the reset, a read no more", (link, seen) -> {
            link.peerSends(10);
            link.settle();
            link.peerResets();
            link.settle();
            seen.add(link.write(1));
            seen.add(link.read());
            seen.add(link.read());
        });
        scripts.put("the first write after the peer's close succeeds", (link, seen) -> {
            link.peerCloses();
            link.settle();
            seen.add(link.select(OP_READ));
            seen.add(link.read());
            seen.add(link.write(1));
            link.settle();
            seen.add(link.read());
            seen.add(link.write(1));
            seen.add(link.write(1));
        });
        scripts.put("the peer's close with unread bytes is a reset", (link, seen) -> {
            link.write(10);
            link.settle();
            link.peerCloses();
            link.settle();
            seen.add(link.read());
            seen.add(link.write(1));
        });
        scripts.put("a close with unread bytes loses what is under way", (link, seen) -> {
            int sent = link.fill();
            link.peerSends(10);
            link.settle();
            link.server.close();
            link.selector.selectNow(ready -> {});
            String read = link.peerReads();
            seen.add(read.endsWith("reset"));
            seen.add(Integer.parseInt(read.split(" ")[0]) < sent);
        });
        scripts.put("bytes that arrive after the close lose what is under way", (link, seen) -> {
            int sent = link.fill();
            link.server.close();
            link.selector.selectNow(ready -> {});
            link.peerSends(10);
            String read = link.peerReads();
            seen.add(read.endsWith("reset"));
            seen.add(Integer.parseInt(read.split(" ")[0]) < sent);
        });
        scripts.put("a half-close that reads on loses nothing", (link, seen) -> {
            int sent = link.fill();
            link.peerSends(10);
            link.server.shutdownOutput();
            link.settle();
            seen.add(link.read());
            seen.add(link.write(1));
            seen.add(link.peerReads().equals(sent + " and the end"));
            link.peerEnds();
            seen.add(link.select(OP_READ));
            seen.add(link.read());
        });
        scripts.put("a close ends the stream, the next select releases the socket", (link, seen) -> {
            link.peerSends(10);
            link.settle();
            link.server.close();
            seen.add(link.peerReads());
            link.selector.selectNow(ready -> {});
            seen.add(link.peerReads());
        });
        scripts.put("a closed listener listens until the next select", (link, seen) -> {
            link.listener.close();
            seen.add(link.connect());
            link.selector.selectNow(ready -> {});
            seen.add(link.connect());
        });
        scripts.put("a wake-up before the select ends it, once", (link, seen) -> {
            link.selector.wakeup();
            link.selector.wakeup();
            seen.add(link.selector.select(ready -> {}, 0));
            seen.add(link.selector.select(ready -> {}, 1));
        });
        scripts.put("a cancelled key refuses questions", (link, seen) -> {
            link.server.close();
            seen.add(link.key.isValid());
            seen.add(thrownBy(() -> link.key.interestOps(0)));
            seen.add(thrownBy(link.key::readyOps));
            seen.add(thrownBy(() -> link.server.read(java.nio.ByteBuffer.allocate(1))));
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private static String thrownBy(Step step) {
        try {
            step.run();
            return "nothing";
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    @TestFactory
    Stream<DynamicTest> fakeAndRealAgree() {
        return scripts.entrySet().stream()
                .map(script -> DynamicTest.dynamicTest(script.getKey(), () -> {
                    List<Object> real = new ArrayList<>();
                    List<Object> fake = new ArrayList<>();
                    try (Link link = Link.real()) {
                        script.getValue().run(link, real);
                    }
                    try (Link link = Link.fake()) {
                        script.getValue().run(link, fake);
                    }
                    assertThat(fake).isEqualTo(real).isNotEmpty();
                }));
    }
}
