package dev.kvasir.kernels.parallel;

import org.jspecify.annotations.Nullable;

/** What the workers of a job threw. */
final class Failures {
    private volatile @Nullable Throwable first;

    boolean isEmpty() {
        return first == null;
    }

    synchronized void add(Throwable e) {
        Throwable before = first;
        if (before == null) {
            first = e;
        } else if (before != e) {
            before.addSuppressed(e);
        }
    }

    /** Throws the first failure, if there is one, with the others suppressed in it, and forgets all. */
    void rethrow() {
        Throwable thrown = first;
        if (thrown == null) {
            return;
        }
        first = null;
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }
}
