package org.reactorserver.cli;

import java.util.concurrent.Callable;
import org.reactorserver.demo.Demo;
import org.reactorserver.demo.Demos;
import org.reactorserver.demo.PlanDemo;
import org.reactorserver.demo.Screen;
import org.reactorserver.demo.Window;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demo}: shows one thing on this machine; without a name, what there is to see. */
@Command(
        name = "demo",
        description = "Shows how one thing works, on this machine, in less than 20 seconds.",
        usageHelpWidth = 100)
final class DemoCommand implements Callable<Integer> {
    private static final String PLAN = "plan";

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    Language language;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "What to show. Without it: the list.")
    String topic;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "For the demo plan: connections at a time. Default: 100000.")
    Long connections;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "For the demo plan: messages a second, from all clients together. Default: 1000.")
    Long messages;

    @Option(
            names = "--group-size",
            paramLabel = "N",
            description = "For the demo plan: to how many each message goes. Default: 100.")
    Long groupSize;

    @Override
    public Integer call() throws Exception {
        Screen screen = new Screen(System.out, Language.inForce(), Window.ofProcess());
        if (!PLAN.equals(topic) && (connections != null || messages != null || groupSize != null)) {
            throw Usage.of(spec, "--connections, --messages and --group-size are for the demo plan");
        }
        if (topic == null) {
            Demos.list(screen);
            return 0;
        }
        Demo demo = topic.equals(PLAN) ? plan() : Demos.named(topic);
        if (demo == null) {
            throw Usage.of(spec, Usage.unknown("demo", topic, Demos.NAMES));
        }
        Verbosity.onlyErrors(); // what a server logs would break into what is to be seen
        demo.show(screen);
        return 0;
    }

    private PlanDemo plan() {
        return new PlanDemo(
                atLeastOne("--connections", connections, 100_000),
                atLeastOne("--messages", messages, 1_000),
                atLeastOne("--group-size", groupSize, 100));
    }

    private long atLeastOne(String option, Long given, long otherwise) {
        if (given != null && given < 1) {
            throw Usage.of(spec, option, "must be at least 1, not " + given);
        }
        return given == null ? otherwise : given;
    }
}
