package dev.kvasir.lab.study.timing;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.device.AttentionRows;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.PartialResults;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;

/** A device that delegates all work to another device and adds the time of each call to a {@link StepClock}. */
public final class TimedKvDevice implements KvDevice {
    private final KvDevice device;
    private final StepClock clock;

    /** {@code device} is closed with this one. */
    public TimedKvDevice(KvDevice device, StepClock clock) {
        this.device = device;
        this.clock = clock;
    }

    @Override
    public PageGeometry geometry() {
        return device.geometry();
    }

    @Override
    public int frames() {
        return device.frames();
    }

    @Override
    public MemorySegment frame(int frame) {
        return device.frame(frame);
    }

    @Override
    public void append(int frame, int slot, int tokens, float[] k, float[] v, int offset, int stride) {
        device.append(frame, slot, tokens, k, v, offset, stride);
    }

    @Override
    public void digest(DigestKind kind, int frame, int[] digestFrames, int page) {
        device.digest(kind, frame, digestFrames, page);
    }

    @Override
    public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
            int qOffset, int queryHeads, float[] importance) {
        long start = clock.now();
        device.score(kind, aggregation, digestFrames, pages, q, qOffset, queryHeads, importance);
        clock.add(StepPart.ESTIMATE, start);
    }

    @Override
    public int select(float[] importance, int from, int to, int k, int[] winners) {
        long start = clock.now();
        int count = device.select(importance, from, to, k, winners);
        clock.add(StepPart.SELECT, start);
        return count;
    }

    @Override
    public PartialResults newPartialResults(int queryHeads, int groups, int maxFrames) {
        return device.newPartialResults(queryHeads, groups, maxFrames);
    }

    @Override
    public void attend(float[] q, int qOffset, FrameList[] lists, PartialResults state) {
        long start = clock.now();
        device.attend(q, qOffset, lists, state);
        clock.add(StepPart.ATTENTION, start);
    }

    @Override
    public void merge(PartialResults state, float[] out, int outOffset) {
        long start = clock.now();
        device.merge(state, out, outOffset);
        clock.add(StepPart.ATTENTION, start);
    }

    @Override
    public void prefill(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out) {
        device.prefill(q, tokens, queryHeads, before, lists, out);
    }

    @Override
    public void prefillPart(float[] q, int tokens, int queryHeads, int before, int partStart, FrameList[] lists,
            CausalState state, float[] out) {
        device.prefillPart(q, tokens, queryHeads, before, partStart, lists, state, out);
    }

    @Override
    public void attendObserved(float[] q, int qOffset, FrameList[] lists, PartialResults state, AttentionRows rows) {
        long start = clock.now();
        device.attendObserved(q, qOffset, lists, state, rows);
        clock.add(StepPart.ATTENTION, start);
    }

    @Override
    public void mergeObserved(PartialResults state, float[] out, int outOffset, AttentionRows rows) {
        long start = clock.now();
        device.mergeObserved(state, out, outOffset, rows);
        clock.add(StepPart.ATTENTION, start);
    }

    @Override
    public void prefillObserved(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists,
            float[] out, AttentionRows rows) {
        device.prefillObserved(q, tokens, queryHeads, before, lists, out, rows);
    }

    @Override
    public void copyTokens(int[] from, int[] tokens, int count, int[] to) {
        device.copyTokens(from, tokens, count, to);
    }

    @Override
    public void readKeys(int[] frames, int tokens, int head, int d, float[] values) {
        long start = clock.now();
        device.readKeys(frames, tokens, head, d, values);
        clock.add(StepPart.ESTIMATE, start);
    }

    @Override
    public PageTransfers transfers(HostStore host, BackupType backups) {
        return new TimedTransfers(device.transfers(host, backups), clock);
    }

    @Override
    public void close() {
        device.close();
    }
}
