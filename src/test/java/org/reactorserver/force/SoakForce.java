package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.AttackerProcess;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Vitals;

/** Ten minutes of everything: nothing grows. */
class SoakForce {
    private static final int SECONDS = Integer.getInteger("force.soak.seconds", Results.QUICK ? 30 : 600);
    private static final int SAMPLES = 12;

    private record Sample(int files, int threads, long directKib, long oldKib, long residentKib) {}

    @Test
    void nothing_grows() throws Exception {
        try (JarProcess server = JarProcess.measured()
                .jvm("-Xmx128m", "-XX:NativeMemoryTracking=summary")
                .serve("--framing", "line", "--echo")) {
            try (AttackerProcess churn = AttackerProcess.start("churn", server.port(), SECONDS)) {
                Vitals vitals = new Vitals(server);
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < SAMPLES; i++) {
                    TimeUnit.MILLISECONDS.sleep(SECONDS * 1_000L / (SAMPLES + 1));
                    samples.add(new Sample(
                            vitals.files(),
                            vitals.threads(),
                            vitals.directKib(),
                            vitals.oldKib(),
                            vitals.residentKib()));
                }
                long connections = churn.figure("connections");
                long answered = churn.figure("answered");
                long failed = churn.figure("failed");
                Results.row(
                        "47",
                        "%d s of churn: short, long, half, malformed, reset".formatted(SECONDS),
                        "%d connections, %d requests answered, %d failed; from the second to the last of %d samples: files %s, threads %s, direct memory %s KiB, old generation %s KiB, resident %s KiB",
                        connections,
                        answered,
                        failed,
                        SAMPLES,
                        course(samples, Sample::files),
                        course(samples, Sample::threads),
                        course(samples, Sample::directKib),
                        course(samples, Sample::oldKib),
                        course(samples, Sample::residentKib));
                Sample early = samples.get(1);
                Sample late = samples.get(SAMPLES - 1);
                assertThat(failed).isZero();
                assertThat(late.threads).isLessThanOrEqualTo(early.threads + 2);
                assertThat(late.directKib).isLessThanOrEqualTo(early.directKib + 1024);
                assertThat(late.oldKib).isLessThanOrEqualTo(early.oldKib + 1024);
            }
            Await.until("no session is left", ChildProcess.PATIENCE, () -> new Vitals(server).files() < 16);
        }
    }

    private static String course(List<Sample> samples, ToLongFunction<Sample> figure) {
        return figure.applyAsLong(samples.get(1)) + " → " + figure.applyAsLong(samples.get(samples.size() - 1));
    }
}
