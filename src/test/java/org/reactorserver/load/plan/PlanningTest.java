package org.reactorserver.load.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.protocol.ReplyEnd;

/** Plans, objectives, obstacles. */
@Timeout(60)
class PlanningTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p50<1h",
                "p99",
                "p99<5",
                "p5x<5ms",
                "p100<5ms",
                "mean<5",
                "sent/s<5%",
                "p99<5%",
                "errors=5ms",
                "p99<5.5.5ms",
                "p99=<5ms"
            })
    void whatIsNoObjectiveIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slo.parse(text))
                .withMessageContaining("'" + text + "' is no objective; write for example p99<5ms");
    }

    @Test
    void plansRefuseWhatCannotBe() {
        LoadPlan.Builder plan = LoadPlan.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan.connections(0))
                .withMessage("connections must be from 1 to 1000000, not 0");
        assertThatIllegalArgumentException().isThrownBy(() -> plan.rate(-1)).withMessageContaining("not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan.timeout(Duration.ZERO))
                .withMessageContaining("timeout must be from 1.00 ms to a year, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadPlan.builder()
                        .framing(Framing.lines())
                        .message("a\nb")
                        .build())
                .withMessageContaining("message: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadPlan.builder()
                        .framing(Framing.lines())
                        .misbehaviour(Misbehaviour.SPLIT_UTF8)
                        .build())
                .withMessageContaining("needs a message");
    }

    @Test
    void whatCannotBeCountedOrToldApartIsRefusedBeforeTheRun() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadPlan.builder().expectAnything().build())
                .withMessageContainingAll("chunk framing does not tell where a reply ends", "--reply-end");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        LoadPlan.builder().replyEnd(ReplyEnd.parse("bytes:10")).build())
                .withMessageContaining("goes with --expect any");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadPlan.builder()
                        .misbehaviour(Misbehaviour.BYTE_AT_A_TIME)
                        .build())
                .withMessageContaining("each piece may be a message for the server");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        LoadPlan.builder().connections(100_000).depth(1_000).build())
                .withMessageContaining("more than 4000000 messages under way");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadPlan.builder().expect("{sqe}").build())
                .withMessageContaining("'{sqe}' stands for nothing");
    }

    @Test
    void theCommandDoesTheSameAgain() {
        LoadPlan plan = LoadPlan.builder()
                .think(Duration.ofNanos(500_000))
                .message("GET it's\r\n\\\t{id}")
                .framing(Framing.chunks())
                .expectAnything()
                .replyEnd(ReplyEnd.parse("until:\\r\\n"))
                .greeting(ReplyEnd.parse("line"))
                .build();
        assertThat(Rerun.command(plan, List.of()))
                .contains(
                        " --think 500us ",
                        " --message $'GET it\\'s\\x0d\\x0a\\\\\\x09{id}' ",
                        " --expect any --reply-end 'until:\\r\\n' --greeting line ");
    }

    // -- preflight
    // ----------------------------------------------------------------------------------

    @Test
    void tooFewFileDescriptorsAreNamedWithTheCommand() {
        LoadPlan plan = LoadPlan.builder().connections(30_000).build();
        String limits = "Limit   Soft Limit   Hard Limit   Units\nMax open files   20000   20000   files\n";
        assertThat(Preflight.openFiles(plan, limits))
                .hasValue("30,000 connections need 30,064 file descriptors and this process may have"
                        + " 20,000; run first: ulimit -n 30064");
        assertThat(Preflight.openFiles(plan, limits.replace("20000", "40000"))).isEmpty();
        assertThat(Preflight.openFiles(plan, limits.replace("20000", "unlimited")))
                .isEmpty();
        assertThat(Preflight.openFiles(plan, "")).isEmpty();
    }

    @Test
    void tooFewLocalPortsAreNamedWithTheCommand() throws UnknownHostException {
        LoadPlan.Builder plan = LoadPlan.builder().connections(40_000);
        assertThat(Preflight.localPorts(plan.build(), "32768\t60999\n"))
                .hasValueSatisfying(text ->
                        assertThat(text).contains("28,232", "sysctl -w net.ipv4.ip_local_port_range", "--source-ip"));
        plan.sources(List.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2")));
        assertThat(Preflight.localPorts(plan.build(), "32768\t60999\n")).isEmpty();
        assertThat(Preflight.localPorts(plan.build(), "")).isEmpty();
    }

    @Test
    void tooLittleHeapIsNamedWithTheCommand() {
        LoadPlan plan = LoadPlan.builder().connections(100_000).depth(40).build();
        assertThat(Preflight.heap(plan, 1L << 28))
                .hasValueSatisfying(text -> assertThat(text).contains("-Xmx"));
        assertThat(Preflight.heap(plan, 1L << 40)).isEmpty();
        LoadPlan large = LoadPlan.builder().size(16 << 20).build(); // what is not written yet is held
        assertThat(Preflight.heap(large, 1L << 30)).isPresent();
        assertThat(Preflight.heap(large, 1L << 32)).isEmpty();
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() throws UnknownHostException {
        LoadPlan plan = LoadPlan.builder()
                .sources(List.of(InetAddress.getByName("192.0.2.1")))
                .build();
        assertThat(Preflight.obstacle(plan))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("--source-ip 192.0.2.1", "ip addr add 192.0.2.1 dev lo"));
    }

    @Test
    void chunksAndSeveralMessagesAtATimeAreWorthAWord() {
        assertThat(Preflight.advice(LoadPlan.builder().depth(2).build())).isPresent();
        assertThat(Preflight.advice(LoadPlan.builder().build())).isEmpty();
        assertThat(Preflight.advice(
                        LoadPlan.builder().depth(2).framing(Framing.lines()).build()))
                .isEmpty();
    }
}
