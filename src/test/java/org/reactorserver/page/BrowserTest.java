package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerStats;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.Chromium;
import org.reactorserver.helper.StagedServer;

/** The page in a real browser, with real clients. Pictures of it are in {@code target/page}. */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrowserTest {
    private static final Path PICTURES = Path.of("target", "page");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOSTILE = "<img src=x onerror=evil=1>\u202e";

    /** The page has been told who is there, and will be told of whatever happens from then on. */
    private static final String SEES = "status === 'live' && player.lastFrame >= 0";

    private static Chromium browser;

    private StagedServer server;
    private final List<Caller> clients = new ArrayList<>();

    @BeforeAll
    static void startBrowser() throws Exception {
        assumeTrue(Chromium.installed() != null, "there is no Chromium: apt-get install chromium");
        browser = new Chromium().size(1280, 720, false);
    }

    @AfterAll
    static void closeBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void end() throws Exception {
        for (Caller client : clients) {
            client.close();
        }
        server.close();
    }

    private static ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines())
                .workers(2)
                .handler((session, message) -> session.send("re: " + message));
    }

    /** Starts a server and looks at it, at a pace at which each event is drawn and nobody has to wait for long. */
    private void start(Brake brake) throws Exception {
        start(builder(), brake);
    }

    private void start(ReactorServer.Builder builder, Brake brake) throws Exception {
        server = new StagedServer(builder, brake);
        browser.open("http://127.0.0.1:" + server.page() + "/").await(SEES);
        browser.ask("(byId('pace').value = 1, byId('pace').oninput())");
    }

    /** From here on the page sees what clients say: the stream that was begun without the token is at an end. */
    private void giveToken() throws Exception {
        browser.ask("(byId('token').value = \"" + StagedServer.TOKEN + "\", byId('token').onchange())");
        browser.await(SEES);
    }

    private Caller connect() throws Exception {
        Caller client = new Caller(server.server.address());
        clients.add(client);
        return client;
    }

    /** Has the page remember the text of every dot that it ever shows. */
    private static void watchDots() throws Exception {
        browser.ask("(window.seen = new Set(), window.watcher = new MutationObserver(() => "
                + "document.querySelectorAll('.dot').forEach((dot) => seen.add(dot.className + ' ' + dot.textContent))), "
                + "watcher.observe(byId('stage'), { subtree: true, childList: true }))");
    }

    private static String seen(String dot) {
        return "[...seen].some((each) => each.includes('" + dot + "'))";
    }

    @Test
    void theDotsOfRealClientsArrive() throws Exception {
        start(null);
        giveToken();
        watchDots();
        for (int i = 1; i <= 3; i++) {
            assertThat(connect().send("hello " + i + "\n").line()).isEqualTo("re: hello " + i);
        }
        for (int i = 1; i <= 3; i++) {
            browser.await("byId('session-" + i + "') !== null")
                    .await(seen("dot message hello " + i))
                    .await(seen("dot reply re: hello " + i));
        }
        browser.await(seen("dot bytes 8 B")).await(seen("dot session #3"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatAClientSendsIsTextAndDoesNothing() throws Exception {
        start(null);
        giveToken();
        watchDots();
        connect().send(HOSTILE + "\n").line();
        browser.await(seen("dot message <img src=x onerror=evil=1>\\\\u202e"));
        assertThat(browser.ask("typeof evil")).isEqualTo("undefined");
        assertThat(browser.ask("document.querySelectorAll('img').length")).isEqualTo("0");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void withoutTheTokenDotsHaveNoText() throws Exception {
        start(null);
        watchDots();
        connect().send("secret\n").line();
        browser.await(seen("dot message message")).await(seen("dot reply reply"));
        assertThat(browser.ask("document.documentElement.innerHTML.includes('secret')"))
                .isEqualTo("false");
    }

    @Test
    void theServerIsHeldAndTakenOnStepByStep() throws Exception {
        start(new Brake(System::nanoTime, 0, false));
        giveToken();
        Caller client = connect();
        browser.click("play").await("isPaused()");
        client.send("0\n"); // ends the sleep
        String isHeld = "brake.held && player.left === 0";
        browser.await(isHeld);
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            client.send(i + "\n"); // so that there is something to do
            String lit = "document.querySelector('#ring [aria-current]').textContent";
            String before = browser.ask(lit);
            browser.click("next-step").await(isHeld + " && " + lit + " !== '" + before + "'");
            names.add(browser.ask(lit));
            assertThat(browser.text("sentence")).isNotEmpty();
        }
        List<String> ring = List.of("select", "ready keys", "hand-off", "letters", "timers", "settle");
        int first = ring.indexOf(names.get(0));
        for (int i = 0; i < 6; i++) {
            assertThat(names.get(i)).as("%s", names).isEqualTo(ring.get((first + i) % 6));
        }
        browser.picture(PICTURES.resolve("held.png"));
        browser.click("play").await("!isPaused()");
        for (int i = 0; i <= 6; i++) {
            assertThat(client.line()).isEqualTo("re: " + i);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatWasSeenIsSteppedThroughWhileTheServerGoesOn() throws Exception {
        start(null);
        browser.click("play");
        Caller client = connect();
        client.send("x\n").line();
        browser.await("player.items.slice(player.at).filter((item) => item.what === 'select').length >= 2");
        List<String> passes = new ArrayList<>();
        browser.click("next-pass");
        for (int i = 0; i < 6; i++) {
            browser.click("next-step");
            passes.add(browser.text("what-name"));
        }
        assertThat(passes).containsExactly("ready keys", "hand-off", "letters", "timers", "settle", "select");
        assertThat(client.send("y\n").line()).isEqualTo("re: y");
    }

    @Test
    void sessionsAreSortedFilteredAndClosed() throws Exception {
        start(null);
        giveToken();
        for (int i = 1; i <= 3; i++) {
            connect().send("x\n").line();
        }
        String first = "document.querySelector('#table tbody tr td').innerText";
        browser.click("tab-overview").await("document.querySelectorAll('#table tbody tr').length === 3");
        assertThat(browser.ask(first)).isEqualTo("#1");
        browser.ask("document.querySelector('#table th button[data-key=id]').click()");
        browser.await("document.querySelector('#table th').ariaSort === 'descending'");
        assertThat(browser.ask(first)).isEqualTo("#3");
        String address = clients.get(1).address().toString().replace("/", "");
        browser.ask("(byId('filter').value = '" + address + "', byId('filter').oninput())");
        assertThat(browser.ask(first)).isEqualTo("#2");
        browser.ask("document.querySelector('#table tbody button').click()");
        browser.click("end-session");
        assertThat(clients.get(1).rest()).isEmpty();
        browser.await("document.querySelectorAll('#table tbody tr').length === 0");
        assertThat(browser.text("doctor")).isNotEmpty();
        browser.ask("(byId('filter').value = '', byId('filter').oninput())");
        browser.await("document.querySelectorAll('#tiles > div').length > 4");
        browser.picture(PICTURES.resolve("overview.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    /** What a player of its own comes to that was given something. */
    private static String played(String script) throws Exception {
        return browser.ask("(() => { const player = new Player(new Model());"
                + " const snapshot = { pass: 1, of: 0, sessions: [] };"
                + " const all = (...names) => names.map((what) => ({ what, pass: 1, thread: 'selector' }));"
                + " const many = (count) => all(...Array(count).fill('woken'));"
                + script + " return [player.left, player.skipped]; })()");
    }

    @Test
    void whoIsFarBehindSkipsToTheLatestPlaceToGoOnFrom() throws Exception {
        start(null);
        String frames = "for (let i = 0; i < 10; i++) { player.add({ frame: i, snapshot, happenings: many(200) }); }";
        assertThat(played(frames)).isEqualTo("2010,0");
        assertThat(played(frames + "player.skip();")).isEqualTo("201,1809");
        assertThat(played("player.add({ frame: 0, snapshot, happenings: many(3) });"
                        + "player.add({ frame: 1, snapshot, happenings: many(3) }); player.go('pass');"))
                .as("nothing is skipped, and a snapshot on the way begins nothing anew")
                .isEqualTo("0,0");
    }

    @Test
    void passesInWhichNothingHappensAreLeftOutWhenOthersAreAhead() throws Exception {
        start(null);
        String script = "const idle = all('select', 'sleeps', 'selected', 'timers', 'timer', 'pass-over');"
                + "player.add({ frame: 0, snapshot, happenings: [...many(99), ...all('pass-over')] });"
                + "player.add({ frame: 1, happenings: [...idle, ...idle.slice(0, 3)] });"
                + "player.add({ frame: 2, happenings: [...idle.slice(3), ...idle.slice(0, 1), ...many(1), ...idle.slice(1)] });";
        assertThat(played(script)).isEqualTo(101 + 7 + ",12");
        assertThat(played("player.paused = true;" + script)).isEqualTo(101 + 19 + ",0");
    }

    @Test
    void theTourStopsWhereAWorkerBlocksAndWhereAClientDoesNotRead() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        start(
                builder().sendBuffer(8_192).handler((session, message) -> {
                    if (message.equals("wait")) {
                        released.await();
                    }
                    session.send(message);
                }),
                null);
        browser.ask("tour.go(10)");
        for (int i = 1; i <= 3; i++) {
            connect().send("wait\n");
        }
        browser.await("tour.hasSeen && player.paused");
        assertThat(browser.text("loop-state")).isEqualTo("asleep in select");
        assertThat(browser.text("queue")).startsWith("#");
        assertFits();
        browser.picture(PICTURES.resolve("tour-11.png"));
        released.countDown();
        for (Caller client : clients) {
            client.line();
            client.close();
        }
        browser.ask("tour.go(11)");
        Caller deaf = connect();
        String large = "x".repeat(60_000) + "\n";
        for (long sent = 4; server.server.stats().replyBytesWaiting() <= 65_536; sent++) {
            deaf.send(large);
            long all = sent;
            Await.until("handled, or never to be", PATIENCE, () -> {
                ServerStats stats = server.server.stats();
                return stats.messagesHandled() == all || stats.replyBytesWaiting() > 65_536;
            });
        }
        browser.await("tour.hasSeen && player.paused");
        assertThat(browser.text("session-4")).contains("does not read its replies");
        assertFits();
        browser.picture(PICTURES.resolve("tour-12.png"));
    }

    /** On a projector's 1280 by 720, without scrolling, in letters that the last row can read. */
    private static void assertFits() throws Exception {
        assertThat(browser.ask("byId('loop').getBoundingClientRect().bottom <= byId('tour').getBoundingClientRect().top"
                        + " && byId('tour').getBoundingClientRect().bottom <= innerHeight"))
                .isEqualTo("true");
        assertThat(Double.parseDouble(browser.ask("Math.min(...[...document.querySelectorAll('#work *')]"
                        + ".filter((each) => each.checkVisibility())"
                        + ".map((each) => parseFloat(getComputedStyle(each).fontSize)))")))
                .isGreaterThanOrEqualTo(14);
    }

    @Test
    void itSpeaksChinese() throws Exception {
        start(null);
        browser.click("language");
        connect();
        browser.await("/\\p{Script=Han}/u.test(byId('sentence').textContent)");
        assertThat(browser.ask("document.documentElement.lang")).isEqualTo("zh");
        assertThat(browser.ask("byId('next-step').textContent")).isEqualTo("下一步");
        browser.click("language");
    }

    @Test
    void itSaysWhenTheServerHasEndedAndComesBackWithIt() throws Exception {
        start(null);
        int page = server.page();
        server.close();
        browser.await("status !== 'live'");
        server = new StagedServer(builder(), null, page);
        browser.await("status === 'live'");
        connect();
        browser.await("byId('session-1') !== null");
    }

    @Test
    void aRecordingReplaysWithoutTheServer(@TempDir Path folder) throws Exception {
        start(null);
        for (int i = 1; i <= 3; i++) {
            connect().send("hello " + i + "\n").line();
        }
        browser.await("player.items.some((item) => item.what === 'written' && item.session === 3)");
        Path file = folder.resolve("reactor.html");
        Files.writeString(file, server.stage.recording());
        server.close();
        browser.open(file.toUri().toString()).await("player.items.length > 20");
        watchDots();
        browser.click("again").await(seen("dot message hello 3")).await("player.left === 0");
        browser.click("again").click("play").click("next-pass").click("next-step");
        assertThat(browser.text("what-name")).isNotEmpty();
        assertThat(browser.text("status")).contains("a recording");
        assertThat(browser.complaints()).isEmpty();
    }

    /** A figure and no test: 20 sessions and 1,000 messages a second, looked at for 10 seconds. */
    @Test
    @EnabledIfSystemProperty(named = "page.figures", matches = "true")
    void howLongScriptTakes() throws Exception {
        start(null);
        giveToken();
        browser.ask("(byId('pace').value = 3, byId('pace').oninput())");
        for (int i = 0; i < 20; i++) {
            connect();
        }
        browser.ask("(window.times = [], window.real = tick, window.tick = (now) => {"
                + " const began = performance.now(); real(now); times.push(performance.now() - began); }, 0)");
        browser.ask("(window.realTake = take, window.taken = 0, window.take = (frame) => {"
                + " const began = performance.now(); realTake(frame); taken += performance.now() - began; }, 0)");
        System.out.printf("the page's files: %,d B%n", RecordingTest.bytes());
        long start = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            clients.get(i % 20).send("message " + i + "\n").line();
            LockSupport.parkNanos(start + i * 1_000_000L - System.nanoTime());
        }
        System.out.println(browser.ask("(times.sort((a, b) => a - b), `frames ${times.length}, script a frame: mean "
                + "${((times.reduce((a, b) => a + b) + taken) / times.length).toFixed(2)} ms (of it for what comes in "
                + "${(taken / times.length).toFixed(2)} ms), median ${times[times.length >> 1].toFixed(2)} ms, 99 % "
                + "${times[Math.floor(times.length * 0.99)].toFixed(2)} ms`)"));
    }

    @Test
    void itFitsThreeWidthsInBothColours() throws Exception {
        start(null);
        giveToken();
        browser.click("play"); // it is gone through by hand, so nothing is missed
        for (int i = 1; i <= 5; i++) {
            connect();
        }
        for (int i = 0; i < 5; i++) {
            clients.get(i).send("客户端" + (i + 1) + "正在连接\nand a longer message of client " + i + "\n");
        }
        browser.await("player.items.some((item) => item.what === 'received' && item.session === 5)");
        while (Integer.parseInt(browser.ask("document.querySelectorAll('.dot.message').length")) < 2) {
            browser.click("next-event");
        }
        for (int width : new int[] {400, 1280, 1920}) {
            for (boolean isDark : new boolean[] {false, true}) {
                browser.size(width, width == 400 ? 1400 : 800, isDark);
                browser.await("document.getAnimations().length === 0");
                browser.picture(PICTURES.resolve(width + (isDark ? "-dark.png" : "-light.png")));
                String overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
                assertThat(Integer.parseInt(browser.ask(overflow)))
                        .as("at %d", width)
                        .isNotPositive();
            }
        }
        browser.size(1280, 720, false);
    }
}
