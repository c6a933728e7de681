package org.reactorserver.load.result;

import java.time.Instant;
import java.util.List;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;

/**
 * What a run has shown: the model behind every form in which it is printed. Times without a unit in
 * their name are nanoseconds; those named {@code at…} are seconds from the end of the warm-up.
 *
 * @param reasons why the verdict is not PASS, the weightiest first
 * @param notes what a reader should know before believing a figure
 * @param command runs it again
 * @param target the server's address
 * @param response from the time at which a message was meant to be sent; null in the closed model
 * @param service from the time at which it was sent
 * @param series in order of time, at most {@link TimeSeries#MOST}
 * @param forgottenStalls stalls that are not in the list, which are shorter than those that are
 */
public record Report(
        Verdict verdict,
        List<String> reasons,
        List<String> notes,
        Instant began,
        String command,
        String target,
        LoadPlan plan,
        Connections connections,
        Traffic traffic,
        Latency response,
        Latency service,
        Latency connect,
        Messages messages,
        List<ErrorCount> errors,
        List<Stall> stalls,
        long forgottenStalls,
        Generated generator,
        List<Slo.Result> objectives,
        List<Point> series,
        List<CurvePoint> responseCurve,
        List<CurvePoint> serviceCurve) {

    /** Connections. */
    public record Connections(int asked, int opened, int lost) {}

    /**
     * How much in which time, of the measured span unless it says otherwise.
     *
     * @param from when that span began; null if it was never reached
     * @param offeredPerSecond what was asked for; 0 in the closed model
     * @param missed share of the messages offered that was not sent in time; 0 in the closed model
     * @param warmUpSamples latencies that were not counted
     */
    public record Traffic(
            Instant from,
            double seconds,
            double warmUpSeconds,
            double drainSeconds,
            double offeredPerSecond,
            double sentPerSecond,
            double answeredPerSecond,
            double missed,
            long answered,
            long warmUpSamples,
            long bytesSent,
            long bytesReceived) {}

    /**
     * What became of the messages of the whole run.
     *
     * @param extra replies that belong to no message
     * @param oldestUnanswered age of the oldest message that was waited for until the end
     */
    public record Messages(
            long sent,
            long matched,
            long mismatched,
            long late,
            long unanswered,
            long lost,
            long extra,
            long oldestUnanswered) {

        /** Whether every message sent is in exactly one place. */
        public boolean addUp() {
            return sent == matched + mismatched + late + unanswered + lost;
        }
    }

    /** Errors of one kind. */
    public record ErrorCount(ErrorKind kind, long count, double atFirst, double atLast, String sample) {}

    /**
     * A time without replies.
     *
     * @param connections on how many connections a reply was waited for all the time
     * @param clientLag how late this client was itself in that time
     */
    public record Stall(double atStart, double atEnd, int connections, long clientLag) {
        /** How long it was. */
        public double seconds() {
            return atEnd - atStart;
        }

        /** Whether the client itself explains the better part of it. */
        public boolean isOwnFault() {
            return clientLag / 1e9 > (atEnd - atStart) / 2;
        }
    }

    /**
     * How this client itself was doing in the measured span.
     *
     * @param lagIsOfSends whether the lag is that of messages (open model) or of the loop's own timer
     * @param collections of garbage
     * @param loopCpuShare of one processor, used by the loop's thread; -1 if not known
     * @param cpuPerMessage of the whole process, for each reply; -1 if not known
     */
    public record Generated(
            boolean lagIsOfSends,
            Latency lag,
            long collections,
            long collecting,
            double loopCpuShare,
            double processCpuShare,
            long cpuPerMessage) {}

    /**
     * One stretch of time; percentiles are -1 if there is none.
     *
     * @param phase to which part of the run it belongs
     */
    public record Point(
            String phase,
            double atStart,
            double seconds,
            long sent,
            long answered,
            long errors,
            int connections,
            long serviceP50,
            long serviceP99,
            long responseP50,
            long responseP99,
            long max,
            long lagMax) {}

    /** So many nanoseconds are not exceeded by this share of the samples. */
    public record CurvePoint(double share, long nanos) {}
}
