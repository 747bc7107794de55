package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.memory.BigMemory;
import dev.kvasir.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What this machine can do at best with the workers it is given: the yardsticks that products are measured with. Each
 * measurement is the best of several tries.
 */
public final class MachineProbe {

    private static final int MEBIBYTE = 1 << 20;
    private static final int CHAINS = 12;

    private MachineProbe() {}

    /**
     * Bytes a second of a bare read of {@code mebibytes} of memory, which should be several times the caches.
     *
     * @throws OutOfMemoryError if there is not so much memory
     */
    public static double readBandwidth(Workers workers, int mebibytes, int tries) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = BigMemory.allocate(arena, (long) mebibytes * MEBIBYTE);
            // Unwritten pages would all be the same page of zeros.
            memory.fill((byte) 1);
            int[] seen = new int[workers.size() * 16];
            Workers.RangeTask read = (worker, from, to) -> seen[worker * 16] += sum(memory, (long) from * MEBIBYTE,
                    (long) to * MEBIBYTE);
            long best = Long.MAX_VALUE;
            for (int i = 0; i < tries; i++) {
                long start = System.nanoTime();
                workers.forEachRange(mebibytes, 1, read);
                best = Math.min(best, System.nanoTime() - start);
            }
            return seen[0] == 42 ? Double.NaN : memory.byteSize() * 1e9 / best;
        }
    }

    /** Floating-point operations a second of f32 fused multiply-adds, two to each, all workers at once. */
    public static double multiplyAddPeak(Workers workers, int tries) {
        int rounds = 4_000_000;
        float[] seen = new float[workers.size() * 16];
        Workers.Task task = (worker, of) -> seen[worker * 16] += chains(rounds);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < tries; i++) {
            long start = System.nanoTime();
            workers.run(task);
            best = Math.min(best, System.nanoTime() - start);
        }
        double operations = 2.0 * rounds * CHAINS * Lanes.FLOATS.length() * workers.size();
        return seen[0] == 42 ? Double.NaN : operations * 1e9 / best;
    }

    private static int sum(MemorySegment memory, long from, long to) {
        int step = Lanes.bits() / 8;
        IntVector a = IntVector.zero(Lanes.INTS);
        IntVector b = a;
        for (long i = from; i < to; i += 2 * step) {
            a = a.add(IntVector.fromMemorySegment(Lanes.INTS, memory, i, Lanes.ORDER));
            b = b.add(IntVector.fromMemorySegment(Lanes.INTS, memory, i + step, Lanes.ORDER));
        }
        return a.add(b).reduceLanes(VectorOperators.ADD);
    }

    // Twelve independent chains fill two multiply-add units of four or five cycles.
    private static float chains(int rounds) {
        FloatVector half = FloatVector.broadcast(Lanes.FLOATS, 0.5f);
        FloatVector a = half;
        FloatVector b = half;
        FloatVector c = half;
        FloatVector d = half;
        FloatVector e = half;
        FloatVector f = half;
        FloatVector g = half;
        FloatVector h = half;
        FloatVector i = half;
        FloatVector j = half;
        FloatVector k = half;
        FloatVector l = half;
        for (int n = 0; n < rounds; n++) {
            a = a.fma(half, half);
            b = b.fma(half, half);
            c = c.fma(half, half);
            d = d.fma(half, half);
            e = e.fma(half, half);
            f = f.fma(half, half);
            g = g.fma(half, half);
            h = h.fma(half, half);
            i = i.fma(half, half);
            j = j.fma(half, half);
            k = k.fma(half, half);
            l = l.fma(half, half);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
