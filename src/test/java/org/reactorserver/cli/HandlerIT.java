package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;

/** {@code serve --handler} with classes of the user's. */
class HandlerIT {

    @Test
    void aHandlerOfTheUsersAnswers() {
        try (JarProcess server = JarProcess.command()
                .withTestClasses()
                .serve("--handler", "example.Handlers$Shouting", "--framing", "line")) {
            try (Peer peer = new Peer(server)) {
                assertThat(peer.receiveLine()).as("%s", server).isEqualTo("HELLO");
                assertThat(peer.send("loud\n").receiveLine()).isEqualTo("LOUD");
            }
            server.awaitOut("handler: session 1 has ended: end of stream"::equals);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void aFailureThatCannotBeDescribedHarmsItsSessionOnly(String workers) {
        try (JarProcess server = JarProcess.command()
                        .withTestClasses()
                        .serve("--handler", "example.Handlers$Unspeakable", "--workers", workers);
                Peer bad = new Peer(server);
                Peer good = new Peer(server)) {
            assertThat(bad.send("fail").receive()).as("%s", server).isEqualTo("error: the handler failed");
            assertThat(good.send("hello").receive()).as("%s", server).isEqualTo("hello");
        }
    }
}
