package org.reactorserver.guest;

import org.reactorserver.PassStep;
import org.reactorserver.ServerObserver;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.loop.Step;

/**
 * What the loop does, told to an observer of the server. So the contract does not know the loop, whose package would
 * otherwise be one that users see.
 */
public final class LoopNews implements LoopObserver {
    private static final PassStep[] STEPS = PassStep.values();

    private final ServerObserver observer;

    /** All of it goes to this one. */
    public LoopNews(ServerObserver observer) {
        this.observer = observer;
    }

    @Override
    public void passBegan() {
        observer.passBegan();
    }

    @Override
    public void stepBegan(Step step) {
        observer.stepBegan(STEPS[step.ordinal()]);
    }

    @Override
    public void sleeps(long millis) {
        observer.sleeps(millis);
    }

    @Override
    public void selected(int keys, boolean slept) {
        observer.selected(keys, slept);
    }

    @Override
    public void keyReady(long number, int readyOps) {
        observer.keyReady(number, readyOps);
    }

    @Override
    public void letterDelivered(long number) {
        observer.letterDelivered(number);
    }

    @Override
    public void timerFired(long number, long lateNanos) {
        observer.timerFired(number, lateNanos);
    }

    @Override
    public void passEnded(long nanos) {
        observer.passEnded(nanos);
    }

    @Override
    public void wokenUp() {
        observer.wokenUp();
    }

    @Override
    public void selectorReplaced() {
        observer.selectorReplaced();
    }
}
