package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.LoopByHand;

/** What is asked of the selector, and what it has proved by reporting something. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchedTest extends LoopByHand {
    private Pipe pipe;
    private Sink sink;

    /** The writing end of a pipe, which is ready. */
    private final class Sink extends Watched {
        @Override
        protected EventLoop loop() {
            return loop;
        }

        @Override
        public void onReady(int readyOps) {
            events.add(reported() ? "news" : "known");
        }

        @Override
        public void onSettle() {}

        @Override
        public void onFailure(Exception cause) {
            throw new AssertionError(cause);
        }
    }

    private final class Source extends Watched {
        @Override
        protected EventLoop loop() {
            return loop;
        }

        @Override
        public void onReady(int readyOps) {
            reported();
        }

        @Override
        public void onSettle() {}

        @Override
        public void onFailure(Exception cause) {
            throw new AssertionError(cause);
        }
    }

    @BeforeEach
    void open() throws IOException {
        pipe = provider.openPipe();
        pipe.sink().configureBlocking(false);
        pipe.source().configureBlocking(false);
        sink = new Sink();
        loop.register(pipe.sink(), 0, sink);
    }

    @AfterEach
    void close() throws IOException {
        pipe.sink().close();
        pipe.source().close();
    }

    @Test
    void whatIsAskedForAnewProvesNothingUntilItIsReported() throws Exception {
        assertThat(sink.ask(0)).as("as before").isFalse();
        assertThat(sink.ask(SelectionKey.OP_WRITE)).as("after nothing").isTrue();
        assertThat(sink.ask(SelectionKey.OP_WRITE)).as("as before").isFalse();
        assertThat(sink.asked()).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(sink.isProven()).isFalse();
        loop.pass();
        loop.pass();
        assertThat(events).containsExactly("news", "known");
        assertThat(sink.isProven()).isTrue();
        sink.ask(0);
        assertThat(sink.isProven()).as("what was once").isTrue();
        assertThat(sink.ask(SelectionKey.OP_WRITE)).isTrue();
        assertThat(sink.isProven()).as("the kernel may refuse it").isFalse();
    }

    @Test
    void onlyInputThatIsAskedForIsUnproven() throws Exception {
        Source source = new Source();
        loop.register(pipe.source(), 0, source);
        assertThat(source.isInputUnproven()).as("it is not asked for").isFalse();
        source.ask(SelectionKey.OP_READ);
        assertThat(source.isInputUnproven()).isTrue();
        assertThat(source.isReadyNow()).isFalse();
        pipe.sink().write(ByteBuffer.allocate(1));
        assertThat(source.isReadyNow()).isTrue();
        assertThat(source.isInputUnproven()).as("the loop was not told").isTrue();
        loop.pass();
        assertThat(source.isInputUnproven()).isFalse();
        sink.ask(SelectionKey.OP_WRITE);
        assertThat(sink.isInputUnproven()).as("it is output").isFalse();
    }

    @Test
    void whatIsFoundTwiceUnreportedIsNotWatched() throws Exception {
        sink.ask(SelectionKey.OP_WRITE);
        assertThat(sink.isCaught()).isFalse();
        assertThat(sink.isProven()).isFalse();
        assertThat(sink.isCaught()).isTrue();
        loop.pass();
        assertThat(events).as("a doubt is no proof").containsExactly("news");
        assertThat(sink.isCaught()).as("it was reported since").isFalse();
    }
}
