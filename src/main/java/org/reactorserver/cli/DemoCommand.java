package org.reactorserver.cli;

import java.util.concurrent.Callable;
import org.reactorserver.demo.Demo;
import org.reactorserver.demo.Demos;
import org.reactorserver.demo.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demo}: shows one thing on this machine; without a name, what there is to see. */
@Command(
        name = "demo",
        description = "Shows how one thing works, on this machine, in less than 20 seconds.",
        usageHelpWidth = 100)
final class DemoCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    Language language;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "What to show. Without it: the list.")
    String topic;

    @Override
    public Integer call() throws Exception {
        Screen screen = new Screen(System.out, Language.inForce());
        if (topic == null) {
            Demos.list(screen);
            return 0;
        }
        Demo demo = Demos.named(topic);
        if (demo == null) {
            throw Usage.of(spec, Usage.unknown("demo", topic, Demos.NAMES));
        }
        Verbosity.onlyWarnings(); // what a server says at its start is not what is to be seen
        demo.show(screen);
        return 0;
    }
}
