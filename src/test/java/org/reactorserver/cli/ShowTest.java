package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Stage;

/** What a terminal is told when the loop is to be held. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShowTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private List<String> told() {
        return bytes.toString(UTF_8).lines().toList();
    }

    /** Until it is held for the first time. */
    private List<String> start(Brake brake, boolean stops, Locale locale) throws Exception {
        Stage stage = new Stage(System::nanoTime, brake);
        Show show = new Show(
                stage, stops, null, locale, InputStream.nullInputStream(), new PrintStream(bytes, true, UTF_8));
        ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send(message))
                .with(stage)
                .start();
        try {
            show.begin(server.inspection());
            Await.until("a stop", Duration.ofSeconds(30), () -> brake.state().at() != null && told().size() >= 3);
            return told();
        } finally {
            show.letGo();
            server.drain();
        }
    }

    @Test
    void stepSaysItsKeysOnceAndThatClientsWaitAndStopsFirstWhereTheLoopSleeps() throws Exception {
        List<String> told = start(new Brake(System::nanoTime, 0, false), true, Locale.ENGLISH);
        assertThat(told.get(0))
                .isEqualTo(
                        "Enter: what happens next; s Enter: the next step; p Enter: the next pass; r Enter: let it go");
        assertThat(told.get(1))
                .startsWith("clients wait while the loop is held;")
                .endsWith("client --count 1 --timeout 10m");
        assertThat(told.get(2)).matches("pass \\d+ \\[selector] sleeps · .*");
        assertThat(told).hasSize(4);
    }

    @Test
    void slowSaysThatClientsWait() throws Exception {
        List<String> told = start(new Brake(System::nanoTime, 60_000, false), false, Locale.ENGLISH);
        assertThat(told.get(0)).startsWith("clients wait while the loop is held;");
        assertThat(told.get(1)).startsWith("pass ");
    }

    @Test
    void aReaderOfChineseIsToldInChinese() throws Exception {
        List<String> told = start(new Brake(System::nanoTime, 0, false), true, Locale.CHINESE);
        assertThat(told.get(0)).startsWith("回车：");
        assertThat(told.get(1)).startsWith("事件循环停住时").endsWith("client --count 1 --timeout 10m");
        assertThat(told.get(2)).matches("第 \\d+ 轮 \\[selector] sleeps · .*");
        assertThat(told.get(3)).contains("事件循环睡眠");
    }
}
