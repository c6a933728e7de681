package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.Chromium;
import org.reactorserver.helper.StagedServer;
import org.reactorserver.helper.Still;

/**
 * The recordings in {@code docs}, and the stills of them: that they replay, and are small. With {@code
 * -Drecordings.make=true} they are made anew before that.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DocumentRecordingsTest {
    private static final Path RECORDINGS = Path.of("docs", "recordings");
    private static final Path IMAGES = Path.of("docs", "images");
    private static final int MOST_BYTES = 200 * 1024;
    private static final int MOST_STILL_BYTES = 40 * 1024;

    private static final int SEND_BUFFER = 8_192; // so that the kernel does not hold megabytes for who does not read
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Chromium browser;

    /** What is told, how it comes about, and where the picture is taken. */
    private enum Story {
        THREE_CLIENTS(
                "Three clients: two messages wait in their lanes for a worker, one is with a worker.",
                "model.queue.length > 0 && [...model.workers.values()].some((w) => w.dot) && model.woken === null") {
            @Override
            void play(StagedServer server) throws Exception {
                List<Caller> clients = connected(server, 3);
                for (int i = 0; i < 3; i++) {
                    clients.get(i).send("客户端" + (i + 1) + "正在连接\n");
                }
                for (Caller client : clients) {
                    client.line();
                    client.close();
                }
            }
        },
        SLOW_HANDLER(
                "A slow handler: both workers are busy, the third session waits in the ready queue, and the loop sleeps.",
                "model.queue.length > 0 && model.sleeping && [...model.workers.values()].filter((w) => w.dot).length === 2") {
            private final CountDownLatch allAreThere = new CountDownLatch(1);

            @Override
            MessageHandler handler() {
                return (session, message) -> {
                    if (message.startsWith("slow")) {
                        allAreThere.await();
                    }
                    session.send("done: " + message);
                };
            }

            @Override
            void play(StagedServer server) throws Exception {
                List<Caller> clients = connected(server, 3);
                clients.get(0).send("slow 1\n");
                clients.get(1).send("slow 2\n");
                await(server, 2, What.TAKEN);
                clients.get(2).send("quick\n");
                await(server, 3, What.RECEIVED);
                allAreThere.countDown();
                for (Caller client : clients) {
                    client.line();
                    client.close();
                }
            }
        },
        BACKPRESSURE(
                "Backpressure: a client does not read its replies, so it is not read either; the other one is served.",
                "model.last.what === 'written' && model.last.session === 2" + " && model.sessions.get(1).ops === 4") {
            private static final int MESSAGE = 60_000; // one is below the limit, so two wait for the peer
            private static final int HIGH_WATER = 65_536; // the default

            @Override
            void play(StagedServer server) throws Exception {
                List<Caller> clients = connected(server, 2);
                Caller deaf = clients.get(0);
                int sent = 0;
                while (server.server.stats().replyBytesWaiting() <= HIGH_WATER) {
                    deaf.send("x".repeat(MESSAGE) + "\n");
                    long all = ++sent;
                    Await.until("handled", PATIENCE, () -> server.server.stats().messagesHandled() == all);
                }
                clients.get(1).send("hello\n").line();
                deaf.close();
                clients.get(1).close();
            }
        };

        final String title;
        final String moment;

        Story(String title, String moment) {
            this.title = title;
            this.moment = moment;
        }

        abstract void play(StagedServer server) throws Exception;

        MessageHandler handler() {
            return (session, message) -> session.send("re: " + message);
        }

        static List<Caller> connected(StagedServer server, int count) throws Exception {
            List<Caller> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(new Caller(server.server.address()));
            }
            return clients;
        }

        /** Waits until this has happened so often. */
        static void await(StagedServer server, long times, What what) {
            Await.until(
                    what + " " + times,
                    PATIENCE,
                    () -> server.stage.reel().all().frames().stream()
                                    .flatMap(frame -> frame.happenings.stream())
                                    .filter(each -> each.what() == what)
                                    .count()
                            >= times);
        }

        Path file() {
            return RECORDINGS.resolve(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".html");
        }

        Path still() {
            return IMAGES.resolve(file().getFileName().toString().replace("html", "svg"));
        }
    }

    @BeforeAll
    static void startBrowser() throws Exception {
        assumeTrue(Chromium.installed() != null, "there is no Chromium: apt-get install chromium");
        browser = new Chromium();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachReplaysToWhereItsPictureWasTaken(Story story) throws Exception {
        if (Boolean.getBoolean("recordings.make")) {
            make(story);
        }
        open(story);
        browser.picture(Path.of("target", "page", story + ".png"));
        assertThat(browser.complaints()).isEmpty();
        assertThat(Files.size(story.file())).isLessThan(MOST_BYTES);
        assertThat(Files.size(story.still())).isLessThan(MOST_STILL_BYTES);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(story.still().toFile());
        assertThat(Files.readString(story.still())).contains("prefers-color-scheme: dark", story.title);
    }

    @Test
    void noOtherIsKept() throws Exception {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(Story.values()).map(Story::file).toList());
        }
    }

    /** Opens it and goes on to the moment of its picture. */
    private static void open(Story story) throws Exception {
        browser.size(1280, 900, false).open(story.file().toUri().toString());
        browser.click("play").click("again");
        browser.await("player.items.length > 0 && player.at === 0");
        String isThere = browser.ask("(() => { while (player.next() !== null) { if (" + story.moment
                + ") { draw(); tellControls(); return true; } } return false; })()");
        assertThat(isThere).as(story.moment).isEqualTo("true");
    }

    private static void make(Story story) throws Exception {
        StagedServer server = new StagedServer(
                ReactorServer.builder(Framing.lines())
                        .workers(2)
                        .sendBuffer(SEND_BUFFER)
                        .handler(story.handler()),
                null);
        try (server) {
            server.stage.watch();
            Await.until("the camera", PATIENCE, () -> server.stage.reel().last() >= 0);
            story.play(server);
        }
        Files.writeString(story.file(), server.stage.recording());
        open(story);
        Files.writeString(story.still(), Still.of(browser, story.title, 1280, "scene", "stage"));
    }
}
