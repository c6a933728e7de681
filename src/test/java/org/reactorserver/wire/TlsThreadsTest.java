package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the costly part of handshakes runs on. */
@Timeout(60)
class TlsThreadsTest {
    @Test
    void daemonsThatAreThereWhileThereIsWork() throws Exception {
        ExecutorService pool = TlsThreads.pool();
        try {
            Thread thread = pool.submit(Thread::currentThread).get();
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("tls-1");
            ThreadPoolExecutor threads = (ThreadPoolExecutor) pool;
            int processors = Runtime.getRuntime().availableProcessors();
            assertThat(threads.getMaximumPoolSize()).isEqualTo(processors > 2 ? 2 : 1);
            assertThat(threads.allowsCoreThreadTimeOut()).isTrue();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void ofAHandshakeThatIsTooLateItIsSaidWhatHelps() {
        TlsException late = TlsException.tooLate();
        assertThat(late.kind()).isEqualTo(TlsException.Kind.TOO_LATE);
        assertThat(late).hasMessageContaining("--handshake-timeout");
    }
}
