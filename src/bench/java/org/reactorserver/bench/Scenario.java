package org.reactorserver.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * Something that is measured of several servers in turn, and how its results are to be compared.
 */
interface Scenario {

    /** Measures one server once; a failure is a sample too. */
    interface Sampler {
        Sample sample(Contestant contestant, int round) throws InterruptedException;
    }

    /** What is done with one server once per alternation. */
    interface Turn {
        void take(Contestant contestant, int round) throws InterruptedException;
    }

    /** What {@code --only} calls it. */
    String id();

    /** Its heading in the report. */
    String title();

    List<Metric> metrics();

    default List<Comparison> comparisons() {
        return List.of(Comparison.to("ours"));
    }

    /** Never fails: what cannot be measured is a sample with a problem. */
    void run(Run run, Results results) throws InterruptedException;

    /** One sample of each contestant in each round. */
    default void alternate(Run run, Results results, List<Contestant> contestants, double quickSeconds, Sampler sampler)
            throws InterruptedException {
        contestants.forEach(contestant -> results.label(contestant.id(), contestant.label()));
        inTurn(run, contestants, quickSeconds, (contestant, round) -> {
            Sample sample = sampler.sample(contestant, round);
            run.say(sample, metrics());
            results.add(sample);
        });
    }

    /**
     * All contestants in turn: A B C, C B A, A B C …, so that a drift of the machine favours
     * nobody.
     */
    default void inTurn(Run run, List<Contestant> contestants, double quickSeconds, Turn turn)
            throws InterruptedException {
        List<Contestant> order = new ArrayList<>(contestants);
        run.rounds(quickSeconds, round -> {
            for (Contestant contestant : order) {
                if (run.wants(contestant, round)) {
                    turn.take(contestant, round);
                }
            }
            Collections.reverse(order);
        });
    }
}
