package org.reactorserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One question for all who have it. */
class QuestionTest {
    private final List<CompletableFuture<String>> asked = new ArrayList<>();

    private Question<String> question(Duration fresh, Duration patience) {
        return new Question<>(
                () -> {
                    asked.add(new CompletableFuture<>());
                    return asked.get(asked.size() - 1);
                },
                fresh,
                patience);
    }

    @Test
    void itIsNotAskedAgainAsLongAsThereIsNoAnswer() {
        Question<String> question = question(Duration.ZERO, Duration.ZERO);
        assertThat(question.answer()).isEmpty();
        assertThat(question.answer()).isEmpty();
        assertThat(question.unansweredNanos()).isPositive();
        assertThat(asked).hasSize(1);
        asked.get(0).complete("late");
        assertThat(question.unansweredNanos()).isZero();
        assertThat(question.answer()).as("a new question").isEmpty();
        assertThat(asked).hasSize(2);
    }

    @Test
    void itIsNotAskedAgainAsLongAsTheAnswerIsFresh() {
        Question<String> question = question(Duration.ofHours(1), Duration.ZERO);
        assertThat(question.answer()).isEmpty();
        asked.get(0).complete("yes");
        assertThat(question.answer()).contains("yes");
        assertThat(question.answer()).contains("yes");
        assertThat(asked).hasSize(1);
    }

    @Test
    void anAnswerIsWaitedFor() {
        Question<String> question =
                new Question<>(() -> CompletableFuture.supplyAsync(() -> "soon"), Duration.ZERO, Duration.ofMinutes(1));
        assertThat(question.answer()).contains("soon");
    }
}
