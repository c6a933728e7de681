package org.reactorserver.load.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.text.Json;

/** A report for programs. What each key means is in {@code docs/load.md}. */
public final class JsonReport {
    private static final double NANOS_PER_MICRO = 1e3;

    private JsonReport() {}

    /** The report as JSON, with a line feed at its end. */
    public static String of(Report report) {
        return Json.write(map(report));
    }

    private static Map<String, Object> map(Report report) {
        Report.Messages messages = report.messages();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("verdict", report.verdict().name());
        map.put("reasons", report.reasons());
        map.put("notes", report.notes());
        map.put("command", report.command());
        map.put("environment", environment());
        map.put("began", report.began().toString());
        map.put("target", report.target());
        map.put("model", report.plan().isOpenModel() ? "open" : "closed");
        map.put("plan", plan(report.plan()));
        map.put("connections", connections(report.connections()));
        map.put("sent", messages.sent());
        map.put("matched", messages.matched());
        map.put("mismatched", messages.mismatched());
        map.put("late", messages.late());
        map.put("unanswered", messages.unanswered());
        map.put("lost", messages.lost());
        map.put("unwritten", messages.unwritten());
        map.put("extraReplies", messages.extra());
        map.put("oldestUnansweredMicros", micros(messages.oldestUnanswered()));
        map.put("ledgerAddsUp", messages.addUp());
        putTraffic(report.traffic(), map);
        map.put("responseMicros", report.response() == null ? null : latency(report.response()));
        map.put("serviceMicros", latency(report.service()));
        map.put("connectMicros", latency(report.connect()));
        map.put("responseHistogram", report.response() == null ? null : Histograms.text(report.responses()));
        map.put("serviceHistogram", Histograms.text(report.services()));
        Map<String, Object> errors = new LinkedHashMap<>();
        report.errors().forEach(error -> errors.put(error.kind().toString(), error.count()));
        map.put("errors", errors);
        map.put("errorDetails", report.errors().stream().map(JsonReport::error).toList());
        map.put("stalls", report.stalls().stream().map(JsonReport::stall).toList());
        map.put("forgottenStalls", report.forgottenStalls());
        map.put("waits", waits(report.waits()));
        map.put("generator", generator(report.generator()));
        map.put(
                "objectives",
                report.objectives().stream().map(JsonReport::result).toList());
        map.put("series", report.series().stream().map(JsonReport::point).toList());
        map.put("responseCurve", curve(report.responseCurve()));
        map.put("serviceCurve", curve(report.serviceCurve()));
        return map;
    }

    private static Map<String, Object> environment() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        map.put("processors", (long) Runtime.getRuntime().availableProcessors());
        map.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        map.put("heapBytes", Runtime.getRuntime().maxMemory());
        return map;
    }

    private static Map<String, Object> plan(LoadPlan plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        boolean plain = plan.scenario() == null;
        map.put("framing", plain ? plan.framing().toString() : null);
        map.put("connections", (long) plan.connections());
        map.put("threads", (long) plan.threads());
        map.put("rate", plan.isOpenModel() ? plan.rate() : null);
        map.put("rateAtFirst", plan.isOpenModel() ? plan.rateAtFirst() : null);
        map.put("arrivals", plan.isOpenModel() ? plan.hasRandomArrivals() ? "poisson" : "constant" : null);
        map.put("depth", plan.isOpenModel() ? null : (long) plan.depth());
        map.put("messageBytes", plan.message() == null && plain ? (long) plan.size() : null);
        map.put(plan.escaped() ? "send" : "message", plan.message());
        map.put("expect", !plain ? null : plan.expectEcho() ? "echo" : plan.expect() == null ? "any" : plan.expect());
        map.put(
                "replyEnd",
                plan.replyEnd() == null || !plain ? null : plan.replyEnd().toString());
        map.put("greeting", plan.greeting() == null ? null : plan.greeting().toString());
        map.put("scenario", plain ? null : plan.scenario().text());
        map.put("seconds", plan.messages() > 0 ? null : plan.durationNanos() / 1e9);
        map.put("messages", plan.messages() > 0 ? plan.messages() : null);
        map.put("requestsPerConnection", plan.perConnection() > 0 ? (long) plan.perConnection() : null);
        map.put("reconnect", plan.reconnects());
        map.put("timeoutSeconds", plan.timeoutNanos() / 1e9);
        map.put("thinkSeconds", plan.thinkNanos() / 1e9);
        map.put("seed", plan.seed());
        map.put("misbehave", plan.misbehaviour().toString());
        return map;
    }

    private static Map<String, Object> connections(Report.Connections connections) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("asked", connections.asked());
        map.put("opened", connections.opened());
        map.put("lost", connections.lost());
        map.put("reopened", connections.reopened());
        return map;
    }

    private static void putTraffic(Report.Traffic traffic, Map<String, Object> map) {
        map.put("measuredFrom", traffic.from() == null ? null : traffic.from().toString());
        map.put("seconds", rounded(traffic.seconds()));
        map.put("warmUpSeconds", traffic.warmUpSeconds());
        map.put("warmUpSamples", traffic.warmUpSamples());
        map.put("drainSeconds", rounded(traffic.drainSeconds()));
        map.put("offeredPerSecond", traffic.offeredPerSecond() > 0 ? traffic.offeredPerSecond() : null);
        map.put("sentPerSecond", rounded(traffic.sentPerSecond()));
        map.put("answeredPerSecond", rounded(traffic.answeredPerSecond()));
        map.put("answered", traffic.answered());
        map.put("missedShare", rounded(traffic.missed()));
        map.put("backlogGrowthPerSecond", rounded(traffic.backlogGrowth()));
        map.put("bytesSent", traffic.bytesSent());
        map.put("bytesReceived", traffic.bytesReceived());
    }

    static Map<String, Object> latency(Latency latency) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("n", latency.n());
        map.put("min", micros(latency.min()));
        map.put("mean", micros(latency.mean()));
        map.put("p50", micros(latency.p50()));
        map.put("p90", micros(latency.p90()));
        map.put("p95", micros(latency.p95()));
        map.put("p99", micros(latency.p99()));
        map.put("p999", micros(latency.p999()));
        map.put("max", micros(latency.max()));
        map.put("outOfRange", latency.outOfRange());
        return map;
    }

    private static Map<String, Object> error(Report.ErrorCount error) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", error.kind().toString());
        map.put("count", error.count());
        map.put("atFirst", rounded(error.atFirst()));
        map.put("atLast", rounded(error.atLast()));
        map.put("sample", error.sample());
        return map;
    }

    private static Map<String, Object> stall(Report.Stall stall) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("atStart", rounded(stall.atStart()));
        map.put("atEnd", rounded(stall.atEnd()));
        map.put("connections", stall.connections());
        map.put("clientLagMicros", micros(stall.clientLag()));
        return map;
    }

    private static Map<String, Object> waits(Report.Waits waits) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("leastMicros", micros(waits.least()));
        map.put("count", waits.count());
        map.put("connections", waits.connections());
        map.put("longestMicros", micros(waits.longest()));
        return map;
    }

    private static Map<String, Object> generator(Report.Generated own) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("lagIsOf", own.sendLag() != null ? "sends" : "loop");
        map.put("lagMicros", latency(own.lag()));
        map.put("loopLagMicros", latency(own.loopLag()));
        map.put("waitedMicros", micros(own.waited()));
        map.put("preempted", own.preempted() < 0 ? null : own.preempted());
        map.put("stolenMicros", micros(own.stolen()));
        map.put("collections", own.collections());
        map.put("collectingMicros", micros(own.collecting()));
        map.put("loopCpuShare", own.loopCpuShare() < 0 ? null : rounded(own.loopCpuShare()));
        map.put("processCpuShare", own.processCpuShare() < 0 ? null : rounded(own.processCpuShare()));
        map.put("cpuMicrosPerMessage", micros(own.cpuPerMessage()));
        return map;
    }

    private static Map<String, Object> result(Slo.Result result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("objective", result.objective());
        map.put("observed", result.observed());
        map.put("met", result.met());
        return map;
    }

    private static Map<String, Object> point(Report.Point point) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("phase", point.phase());
        map.put("at", rounded(point.atStart()));
        map.put("seconds", rounded(point.seconds()));
        map.put("sent", point.sent());
        map.put("answered", point.answered());
        map.put("errors", point.errors());
        map.put("connections", point.connections());
        map.put("backlog", point.backlog());
        map.put("serviceP50", micros(point.serviceP50()));
        map.put("serviceP99", micros(point.serviceP99()));
        map.put("responseP50", micros(point.responseP50()));
        map.put("responseP99", micros(point.responseP99()));
        map.put("max", micros(point.max()));
        map.put("lagMax", micros(point.lagMax()));
        return map;
    }

    private static List<Object> curve(List<Report.CurvePoint> curve) {
        return curve.stream()
                .map(point -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    map.put("share", point.share());
                    map.put("micros", micros(point.nanos()));
                    return (Object) map;
                })
                .toList();
    }

    private static Double micros(long nanos) {
        return nanos < 0 ? null : nanos / NANOS_PER_MICRO;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
