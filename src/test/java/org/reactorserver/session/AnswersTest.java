package org.reactorserver.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Replies that come later, in any order. */
class AnswersTest {
    private final List<String> told = new ArrayList<>();
    private int held;
    private RuntimeException failing;
    private Answers answers;

    private final Answers.Asker asker = new Answers.Asker() {
        @Override
        public void onAsked() {
            held++;
        }

        @Override
        public void onAnswer(Object reply) {
            told.add("answer " + reply + (answers.isIdle() ? " idle" : ""));
            if (failing != null) {
                throw failing;
            }
        }

        @Override
        public void onFailed(Object message, Throwable cause) {
            told.add(message + " failed: " + cause);
            if (failing != null) {
                throw failing;
            }
        }

        @Override
        public void onHeldBack() {
            told.add("held back");
        }

        @Override
        public void onAnswered() {
            held--;
        }
    };

    AnswersTest() {
        answers = new Answers(asker);
    }

    private CompletableFuture<String> ask(String message) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        answers.await(message, reply);
        return reply;
    }

    @Test
    void leaveInTheOrderOfTheRequests() {
        assertThat(answers.isIdle()).isTrue();
        CompletableFuture<String> first = ask("1");
        CompletableFuture<String> second = ask("2");
        assertThat(answers.isIdle()).isFalse();
        long asked = answers.weight();
        second.complete("b");
        assertThat(answers.weight()).as("with the reply that waits").isGreaterThan(asked);
        first.complete("a");
        assertThat(told).as("none is next while one is delivered").containsExactly("held back", "answer a", "answer b");
        assertThat(answers.isIdle()).isTrue();
        assertThat(answers.weight()).isZero();
        assertThat(held).isZero();
    }

    @Test
    void aFailureIsTheApplicationsOwn() {
        IllegalStateException cause = new IllegalStateException("no");
        ask("1").completeExceptionally(new CompletionException(cause));
        ask("2").completeExceptionally(cause);
        CompletionException empty = new CompletionException("of its own", null);
        ask("3").completeExceptionally(empty);
        assertThat(told).containsExactly("1 failed: " + cause, "2 failed: " + cause, "3 failed: " + empty);
    }

    @Test
    void whatCannotBeSentHasFailedAndIsAnsweredWhateverComesOfThat() {
        failing = new IllegalArgumentException("not to be sent");
        CompletableFuture<String> reply = ask("1");
        reply.complete("a");
        assertThat(told).containsExactly("answer a", "1 failed: " + failing);
        assertThat(held).isZero();
        assertThat(answers.weight()).isZero();
    }

    @Test
    void aStageThatCannotBeWaitedForHasFailed() {
        answers.await("1", new CompletableFuture<String>() {
            @Override
            public CompletableFuture<String> whenComplete(
                    java.util.function.BiConsumer<? super String, ? super Throwable> action) {
                throw new UnsupportedOperationException("not here");
            }
        });
        assertThat(told).singleElement().asString().contains("1 failed: ").contains("not here");
        assertThat(held).isZero();
    }

    @Test
    void aMessageThatFailsComesBehindThoseBefore() {
        CompletableFuture<String> first = ask("1");
        answers.fail("2", new IllegalStateException("no"));
        assertThat(told).containsExactly("held back");
        first.complete("a");
        assertThat(told.get(1)).isEqualTo("answer a");
        assertThat(told.get(2)).startsWith("2 failed: ");
        assertThatThrownBy(() -> told.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
