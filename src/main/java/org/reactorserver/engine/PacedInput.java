package org.reactorserver.engine;

import org.reactorserver.limit.MessageRate;
import org.reactorserver.limit.Rate;

/**
 * An input of which no more than so many messages a second are decoded; above that it is not read for a while. Loop
 * only.
 */
final class PacedInput extends Input {
    private final MessageRate pace;

    PacedInput(Rate rate, long now) {
        super(now);
        this.pace = new MessageRate(rate, now);
    }

    @Override
    int allowed(long now) {
        return pace.allowed(now);
    }

    @Override
    void took(int messages, long now) {
        pace.took(messages, now);
    }

    @Override
    long nextIn(long now) {
        return pace.nextIn(now);
    }
}
