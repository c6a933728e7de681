package org.reactorserver.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactorserver.PassStep;
import org.reactorserver.ServerObserver;
import org.reactorserver.loop.Step;

/** What the loop does, as users are told it. */
class LoopNewsTest {

    @Test
    void theStepsHaveTheSameNamesInTheSameOrder() {
        List<String> told = new ArrayList<>();
        LoopNews news = new LoopNews(new ServerObserver() {
            @Override
            public void stepBegan(PassStep step) {
                told.add(step.name());
            }
        });
        Stream.of(Step.values()).forEach(news::stepBegan);
        assertThat(told).isEqualTo(Stream.of(Step.values()).map(Step::name).toList());
        assertThat(PassStep.values()).hasSameSizeAs(Step.values());
    }
}
