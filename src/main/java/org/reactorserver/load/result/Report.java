package org.reactorserver.load.result;

import java.time.Instant;
import java.util.List;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Samples;
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
 * @param responses all that {@code response} is made of
 * @param services all that {@code service} is made of
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
        Waits waits,
        Generated generator,
        List<Slo.Result> objectives,
        List<Point> series,
        List<CurvePoint> responseCurve,
        List<CurvePoint> serviceCurve,
        Samples responses,
        Samples services) {
    private static final double MOST_MISSED = 0.01;

    /** Whether more and more messages were without a reply: then latencies only measure how long the run was. */
    public boolean isOverloaded() {
        return traffic.backlogGrowth() > 0;
    }

    /** Whether fewer messages were sent than were asked for, though the server kept up. */
    public boolean isRateMissed() {
        return traffic.missed() > MOST_MISSED && !isOverloaded();
    }

    /**
     * Connections.
     *
     * @param reopened how often one was ended on purpose and opened again
     */
    public record Connections(int asked, int opened, int lost, long reopened) {}

    /**
     * How much in which time, of the measured span unless it says otherwise.
     *
     * @param from when that span began; null if it was never reached
     * @param offeredPerSecond what was asked for; 0 in the closed model
     * @param missed share of the messages offered that was not sent at all; 0 in the closed model
     * @param backlogGrowth by how many messages a second more were without a reply all the time; 0 if the server kept up
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
            double backlogGrowth,
            long answered,
            long warmUpSamples,
            long bytesSent,
            long bytesReceived) {}

    /**
     * What became of the messages of the whole run.
     *
     * @param unwritten messages that are none of these, since they were cut off before they were written in full
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
            long unwritten,
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
     * A time in which replies were waited for and none came, on no connection.
     *
     * @param connections on how many a reply was waited for at its end
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
     * How long single connections waited for a reply while nothing came for them.
     *
     * @param least shorter ones are not counted
     * @param connections on how many there was one
     */
    public record Waits(long least, long count, int connections, long longest) {}

    /**
     * How this client itself was doing in the measured span.
     *
     * @param loopLag how late its loop would have been, asked at any moment
     * @param sendLag how late it sent; null in the closed model, in which nothing has a time
     * @param collections of garbage
     * @param loopCpuShare of one processor, used by the loop's thread; -1 if not known
     * @param cpuPerMessage of the whole process, for each reply; -1 if not known, or nothing was answered
     * @param waited how long the loop's thread was given no processor though it could have run; -1 if not known
     * @param preempted how often one was taken from it; -1 if not known
     * @param stolen what the hypervisor took, of all processors together; -1 if not known
     */
    public record Generated(
            Latency loopLag,
            Latency sendLag,
            long collections,
            long collecting,
            double loopCpuShare,
            double processCpuShare,
            long cpuPerMessage,
            long waited,
            long preempted,
            long stolen) {
        /** What decides how late a message is: that of sends if there is a timetable. */
        public Latency lag() {
            return sendLag == null ? loopLag : sendLag;
        }
    }

    /**
     * One stretch of time; percentiles are -1 if there is none.
     *
     * @param phase to which part of the run it belongs
     * @param backlog messages that were due and had no reply, at its end
     * @param bands how many latencies there are in each band of {@link Samples#bands}: of response, else service time
     */
    public record Point(
            String phase,
            double atStart,
            double seconds,
            long sent,
            long answered,
            long errors,
            int connections,
            long backlog,
            long serviceP50,
            long serviceP99,
            long responseP50,
            long responseP99,
            long max,
            long lagMax,
            List<Long> bands) {}

    /** So many nanoseconds are not exceeded by this share of the samples. */
    public record CurvePoint(double share, long nanos) {}
}
