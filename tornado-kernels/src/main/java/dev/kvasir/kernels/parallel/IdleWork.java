package dev.kvasir.kernels.parallel;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** What workers do while they wait for a job. Only one thread at a time may add or remove. */
final class IdleWork {
    private volatile BooleanSupplier[] all = {};

    void add(BooleanSupplier work) {
        BooleanSupplier[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = work;
        all = more;
    }

    void remove(BooleanSupplier work) {
        all = Arrays.stream(all).filter(each -> each != work).toArray(BooleanSupplier[]::new);
    }

    /** Does a bit of everything. Whether there was something to do. */
    boolean advance() {
        boolean any = false;
        for (BooleanSupplier work : all) {
            any |= work.getAsBoolean();
        }
        return any;
    }
}
