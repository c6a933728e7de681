package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactorserver.helper.Verdicts.assertFine;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.RealServer;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.protocol.ScenarioReader;
import org.reactorserver.load.result.Report;

/** Servers that are not ours, as far as they are installed here. */
@Timeout(120)
class RealServersTest {
    private static final int MESSAGES = 3_000;

    @TempDir
    Path directory;

    private static void assertEveryReplyIsRight(int port, Consumer<LoadPlan.Builder> changes) throws Exception {
        LoadPlan.Builder plan =
                LoadPlan.builder().port(port).connections(10).messages(MESSAGES).depth(3);
        changes.accept(plan);
        Report report = new LoadRun(plan.build(), List.of()).run();
        assertFine(report);
        assertThat(report.messages().matched()).isEqualTo(MESSAGES);
        assertThat(report.messages().extra()).isZero();
    }

    private static void anything(LoadPlan.Builder plan, String send, String end) {
        plan.send(send).expectAnything().replyEnd(ReplyEnd.parse(end));
    }

    private static void assertScenarioPasses(int port, String name) throws Exception {
        LoadPlan plan = LoadPlan.builder()
                .port(port)
                .connections(10)
                .messages(MESSAGES)
                .scenario(ScenarioReader.read(name))
                .build();
        Report report = new LoadRun(plan, List.of()).run();
        assertFine(report);
        assertThat(report.messages().matched()).isEqualTo(MESSAGES);
        assertThat(report.messages().extra()).isZero();
    }

    @Test
    void redis() throws Exception {
        try (RealServer server = RealServer.redis(directory)) {
            assertEveryReplyIsRight(
                    server.port(), plan -> plan.send("PING\\r\\n").expect("+PONG\\r\\n"));
            assertEveryReplyIsRight(
                    server.port(),
                    plan -> plan.send("*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\nk\\r\\n$7\\r\\na\\r\\nb\\x00\\xff7\\r\\n")
                            .expect("+OK\\r\\n"));
            assertEveryReplyIsRight(
                    server.port(), plan -> plan.send("GET k\\r\\n").expect("$7\\r\\na\\r\\nb\\x00\\xff7\\r\\n"));
            assertEveryReplyIsRight(server.port(), plan -> anything(plan, "MGET k none k\\r\\n", "resp"));
            assertEveryReplyIsRight(
                    server.port(),
                    plan -> plan.send("ECHO {id}-{seq}x\\r\\n")
                            .depth(1)
                            .expectAnything()
                            .replyEnd(ReplyEnd.parse("resp")));
            assertScenarioPasses(server.port(), "redis");
            assertScenarioPasses(server.port(), "redis-resp");
        }
    }

    @Test
    void memcached() throws Exception {
        try (RealServer server = RealServer.memcached(directory)) {
            assertEveryReplyIsRight(
                    server.port(),
                    plan -> plan.send("set k{id} 0 0 5\\r\\nhello\\r\\n").expect("STORED\\r\\n"));
            assertEveryReplyIsRight(
                    server.port(),
                    plan -> plan.send("get k{id}\\r\\n").expect("VALUE k{id} 0 5\\r\\nhello\\r\\nEND\\r\\n"));
            assertEveryReplyIsRight(server.port(), plan -> anything(plan, "get k1 k2\\r\\n", "until:END\\r\\n"));
            assertScenarioPasses(server.port(), "memcached");
        }
    }

    /** A page that comes in many pieces is one reply, however often one reads. */
    @Test
    void nginx() throws Exception {
        try (RealServer server = RealServer.nginx(directory, 300_000)) {
            assertEveryReplyIsRight(
                    server.port(), plan -> anything(plan.depth(1), "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "http"));
            assertScenarioPasses(server.port(), "http");
        }
    }
}
