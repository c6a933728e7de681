package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.GoodClients;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Strace;
import org.reactorserver.helper.Visitors;

/** System calls of the running server's selector thread that fail, because strace has them fail. */
class FaultInjectionForce {

    @BeforeEach
    void needs_strace() {
        assumeTrue(Strace.works(), "skipped: strace is not installed, or not allowed to trace");
    }

    private static JarProcess echo(String... more) {
        List<String> options = new ArrayList<>(List.of("--framing", "line", "--echo"));
        options.addAll(List.of(more));
        return JarProcess.measured().serve(options.toArray(new String[0]));
    }

    @Test
    void accept_that_fails() throws IOException {
        List<String> survived = new ArrayList<>();
        long slowest = 0;
        try (JarProcess server = echo();
                Visitors old = Visitors.say(server.port(), 1, "before").awaitAnswers(1)) {
            for (String error : List.of("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPROTO")) {
                try (Strace strace = Strace.of(server, "accept:error=" + error + ":when=1..3")) {
                    long began = System.nanoTime();
                    boolean served = GoodClients.isServed(server.port());
                    slowest = Math.max(slowest, System.nanoTime() - began);
                    assertThat(served).as(error + strace).isTrue();
                    assertThat(strace.injected()).as(error).isEqualTo(3);
                }
                survived.add(error);
            }
            assertThat(old.told("before")).isEqualTo(1);
            assertThat(old.stream().findFirst().orElseThrow().hasEnded()).isFalse();
        }
        Results.row(
                "27",
                "accept() fails three times with " + String.join(", ", survived),
                "%d of 5 survived, the client that waits is served after %d ms at most, the other session goes on",
                survived.size(),
                slowest / 1_000_000);
    }

    @Test
    void a_connection_that_epoll_does_not_take() throws IOException {
        try (JarProcess server = echo("--message-timeout", "1s");
                Visitors first = Visitors.say(server.port(), 1, "the listener is watched")
                        .awaitAnswers(1);
                Strace strace = Strace.of(server, "epoll_ctl:error=ENOSPC:when=1")) {
            assertThat(first.told("the listener is watched")).isEqualTo(1);
            long began = System.nanoTime();
            try (Visitors unseen = Visitors.say(server.port(), 1, "hello").awaitAnswers(1)) {
                int told = unseen.told("hello");
                long millis = (System.nanoTime() - began) / 1_000_000;
                assertThat(strace.injected()).isEqualTo(1);
                boolean others = GoodClients.isServed(server.port());
                Results.row(
                        "28",
                        "epoll_ctl() ADD fails with ENOSPC, message timeout 1 s",
                        "the client is answered after %d ms by a look without the selector; hung: %d; others served: %s",
                        millis,
                        1 - told,
                        others);
                assertThat(told).isEqualTo(1);
                assertThat(others).isTrue();
            }
        }
    }

    @Test
    void a_connection_that_epoll_does_not_take_back() throws IOException {
        try (JarProcess server = echo("--message-timeout", "1s", "--lane-limit", "1");
                Visitors visitors =
                        Visitors.say(server.port(), 1, "it is watched").awaitAnswers(1)) {
            Visitors.Visitor visitor = visitors.stream().findFirst().orElseThrow();
            long began;
            try (Strace strace = Strace.of(server, "epoll_ctl:error=ENOSPC:when=2")) { // DEL, ADD
                visitor.say("more than the lane holds\n".repeat(100) + "the last of these\n");
                visitor.awaitEnding("the last of these\n");
                Await.until("ADD", ChildProcess.PATIENCE, () -> strace.injected() == 1);
                began = System.nanoTime();
                visitor.say("and this?\n");
                visitor.awaitEnding("and this?\n");
            }
            long millis = (System.nanoTime() - began) / 1_000_000;
            visitor.say("and now?\n");
            visitor.awaitEnding("and now?\n");
            boolean hung = visitor.hasEnded();
            Results.row(
                    "28b",
                    "the same when reading is resumed after a pause",
                    "the client is answered after %d ms, and watched again; ended: %s",
                    millis,
                    hung);
            assertThat(hung).isFalse();
        }
    }

    @Test
    void a_read_and_a_write_that_fail() throws IOException {
        List<String> figures = new ArrayList<>();
        for (String fault :
                List.of("read:error=EIO", "read:error=ETIMEDOUT", "write:error=EPIPE", "write:error=ENOBUFS")) {
            try (JarProcess server = echo();
                    Visitors others = Visitors.say(server.port(), 10, "before").awaitAnswers(10)) {
                try (Strace strace = Strace.of(server, fault + ":when=1");
                        Visitors hit = Visitors.say(server.port(), 1, "hit").awaitAnswers(1)) {
                    assertThat(strace.injected()).isEqualTo(1);
                    assertThat(hit.told("")).isEqualTo(1);
                }
                int survivors = 0;
                for (Visitors.Visitor other : others.stream().toList()) {
                    survivors += other.hasEnded() ? 0 : 1;
                }
                assertThat(survivors).isEqualTo(10);
                assertThat(GoodClients.isServed(server.port())).isTrue();
                assertThat(server.out())
                        .filteredOn(line -> line.contains("connection lost"))
                        .hasSize(1);
                figures.add(fault.replace("error=", "") + ": " + survivors);
            }
        }
        Results.row(
                "29",
                "a read() or write() fails once while 10 other sessions are open",
                "only its session ends (connection lost); survivors: %s",
                String.join(", ", figures));
    }

    @Test
    void epoll_wait_that_is_interrupted() {
        try (JarProcess server = echo();
                Strace strace = Strace.of(server, "epoll_wait:error=EINTR:when=1..50")) {
            long began = System.nanoTime();
            boolean served = GoodClients.isServed(server.port());
            long millis = (System.nanoTime() - began) / 1_000_000;
            Results.row(
                    "30a",
                    "epoll_wait() fails with EINTR 50 times in a row",
                    "served: %s, after %d ms; %d injected",
                    served,
                    millis,
                    strace.injected());
            assertThat(served).isTrue();
        }
    }

    /** No selector, no server: it must not look alive. */
    @Test
    void epoll_wait_that_is_broken() {
        try (JarProcess server = echo()) {
            long began = System.nanoTime();
            int code;
            try (Strace strace = Strace.of(server, "epoll_wait:error=EBADF:when=1")) {
                GoodClients.isServed(server.port());
                code = server.exitCode();
                assertThat(strace.injected()).isEqualTo(1);
            }
            Results.row(
                    "30b",
                    "epoll_wait() fails with EBADF",
                    "the process ends with exit code %d after %d ms",
                    code,
                    (System.nanoTime() - began) / 1_000_000);
            assertThat(code).isEqualTo(70);
        }
    }
}
