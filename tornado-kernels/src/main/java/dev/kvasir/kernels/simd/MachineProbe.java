package dev.kvasir.kernels.simd;

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
    private static final int MOST_STREAMS = 8;

    private MachineProbe() {}

    /**
     * What a bare read of memory reached.
     *
     * @param bytes bytes a second, of the number of streams that reads most
     * @param streams how many of them a worker reads side by side
     * @param oneStream bytes a second when each worker reads front to back
     */
    public record Read(double bytes, int streams, double oneStream) {}

    /**
     * Reads {@code mebibytes} of memory, which should be several times the caches: in one stream a worker and in several
     * side by side, because one alone does not keep as many cache lines under way as a core can have.
     *
     * @param mebibytes a multiple of 8
     * @throws OutOfMemoryError if there is not so much memory
     */
    public static Read read(Workers workers, int mebibytes, int tries) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = BigMemory.allocate(arena, (long) mebibytes * MEBIBYTE);
            // Unwritten pages would all be the same page of zeros.
            memory.fill((byte) 1);
            double one = read(workers, memory, 1, tries);
            var most = new Read(one, 1, one);
            for (int streams = 2; streams <= MOST_STREAMS; streams *= 2) {
                double bytes = read(workers, memory, streams, tries);
                most = bytes > most.bytes ? new Read(bytes, streams, one) : most;
            }
            return most;
        }
    }

    private static double read(Workers workers, MemorySegment memory, int streams, int tries) {
        long apart = memory.byteSize() / streams;
        int[] seen = new int[workers.size() * 16];
        Workers.RangeTask read = (worker, from, to) -> seen[worker * 16] += sum(memory, (long) from * MEBIBYTE,
                (long) to * MEBIBYTE, streams, apart);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < tries; i++) {
            long start = System.nanoTime();
            workers.forEachRange((int) (apart / MEBIBYTE), 1, read);
            best = Math.min(best, System.nanoTime() - start);
        }
        return seen[0] == 42 ? Double.NaN : memory.byteSize() * 1e9 / best;
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

    private static int sum(MemorySegment memory, long from, long to, int streams, long apart) {
        int step = Lanes.bits() / 8;
        IntVector a = IntVector.zero(Lanes.INTS);
        IntVector b = a;
        IntVector c = a;
        IntVector d = a;
        for (long i = from; i < to; i += 4 * step) {
            long at = i;
            for (int stream = 0; stream < streams; stream++) {
                a = a.add(IntVector.fromMemorySegment(Lanes.INTS, memory, at, Lanes.ORDER));
                b = b.add(IntVector.fromMemorySegment(Lanes.INTS, memory, at + step, Lanes.ORDER));
                c = c.add(IntVector.fromMemorySegment(Lanes.INTS, memory, at + 2 * step, Lanes.ORDER));
                d = d.add(IntVector.fromMemorySegment(Lanes.INTS, memory, at + 3 * step, Lanes.ORDER));
                at += apart;
            }
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
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
