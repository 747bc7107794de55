package dev.kvasir.lab.study.timing;

import dev.kvasir.kvcache.transfer.PageTransfers;

/** Transfers that add to a {@link StepClock} the time to start recalls and to wait for copies. */
final class TimedTransfers implements PageTransfers {
    private final PageTransfers transfers;
    private final StepClock clock;

    TimedTransfers(PageTransfers transfers, StepClock clock) {
        this.transfers = transfers;
        this.clock = clock;
    }

    @Override
    public long backup(int frame, int slot) {
        return transfers.backup(frame, slot);
    }

    @Override
    public long recall(int slot, int frame) {
        long start = clock.now();
        long ticket = transfers.recall(slot, frame);
        clock.add(StepPart.RECALL, start);
        return ticket;
    }

    @Override
    public boolean done(long ticket) {
        return transfers.done(ticket);
    }

    @Override
    public void await(long ticket) {
        long start = clock.now();
        transfers.await(ticket);
        clock.add(StepPart.RECALL, start);
    }

    @Override
    public long hiddenNanos() {
        return transfers.hiddenNanos();
    }

    @Override
    public long exposedNanos() {
        return transfers.exposedNanos();
    }

    @Override
    public void close() {
        transfers.close();
    }
}
