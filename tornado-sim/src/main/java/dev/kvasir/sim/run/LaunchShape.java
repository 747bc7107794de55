package dev.kvasir.sim.run;

import dev.kvasir.sim.DeviceLimits;
import dev.kvasir.sim.KernelFault;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * The numbers of work-items of a grid and of its groups.
 *
 * @param globalX work-items of the grid, x
 * @param globalY work-items of the grid, y
 * @param globalZ work-items of the grid, z
 * @param localX work-items of a group, x
 * @param localY work-items of a group, y
 * @param localZ work-items of a group, z
 */
public record LaunchShape(int globalX, int globalY, int globalZ, int localX, int localY, int localZ) {

    private static final int PREFERRED = 256;

    /** One work-item. */
    public static LaunchShape single() {
        return new LaunchShape(1, 1, 1, 1, 1, 1);
    }

    /** The shape of {@code grid}. If it has no group size, one is chosen. */
    public static LaunchShape of(String task, WorkerGrid grid) {
        long[] global = grid.getGlobalWork();
        long[] local = grid.getLocalWork();
        if (local == null) {
            long x = divisor(global[0], PREFERRED);
            long y = divisor(global[1], PREFERRED / x);
            local = new long[]{x, y, divisor(global[2], PREFERRED / (x * y))};
        }
        for (int i = 0; i < 3; i++) {
            if (global[i] < 1 || local[i] < 1 || global[i] % local[i] != 0) {
                throw new KernelFault(KernelFault.Kind.LAUNCH, "task " + task + " has " + global[i]
                        + " work-items in dimension " + i + ", which groups of " + local[i]
                        + " do not divide: round the grid up and let the kernel skip the rest");
            }
        }
        long group = local[0] * local[1] * local[2];
        if (group > DeviceLimits.GROUP) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "task " + task + " has groups of " + group
                    + " work-items, but devices allow " + DeviceLimits.GROUP);
        }
        return new LaunchShape(Math.toIntExact(global[0]), Math.toIntExact(global[1]), Math.toIntExact(global[2]),
                (int) local[0], (int) local[1], (int) local[2]);
    }

    private static long divisor(long number, long atMost) {
        long divisor = Math.min(number, atMost);
        while (divisor > 1 && number % divisor != 0) {
            divisor--;
        }
        return Math.max(divisor, 1);
    }

    /**
     * Describes a work-item by its number. Numbers run over the groups in order, and in each group over its work-items,
     * x fastest.
     */
    String describe(int number) {
        int lane = number % groupSize();
        int group = number / groupSize();
        int groupsX = globalX / localX;
        int groupsY = globalY / localY;
        return "work-item (" + lane % localX + ", " + lane / localX % localY + ", " + lane / (localX * localY)
                + ") of group (" + group % groupsX + ", " + group / groupsX % groupsY + ", "
                + group / (groupsX * groupsY) + ")";
    }

    /** Work-items of a group. */
    public int groupSize() {
        return localX * localY * localZ;
    }
}
