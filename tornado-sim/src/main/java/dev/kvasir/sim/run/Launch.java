package dev.kvasir.sim.run;

import dev.kvasir.sim.KernelFault;
import org.jspecify.annotations.Nullable;

/**
 * One launch of a kernel. Work-groups run one after the other. In each group the work-items run one after the other, x
 * fastest, each up to the next barrier or its end. The order is always the same.
 */
public final class Launch {
    private final KernelCode code;
    private final Kernel kernel;
    private final LaunchShape shape;
    private final WorkItem item;
    private int group; // number of the current group

    private final @Nullable Checker checker;

    /** A launch of {@code kernel}, with checks if its code has them. */
    public Launch(KernelCode code, Kernel kernel, LaunchShape shape, WorkItem item, Object[] arguments) {
        this.code = code;
        this.kernel = kernel;
        this.shape = shape;
        this.item = item;
        checker = code.checked() ? new Checker(code, item, shape, arguments) : null;
        item.checkWith(checker);
    }

    /** Runs all work-groups. */
    public void run() {
        item.globalSizeX = shape.globalX();
        item.globalSizeY = shape.globalY();
        item.globalSizeZ = shape.globalZ();
        item.localSizeX = shape.localX();
        item.localSizeY = shape.localY();
        item.localSizeZ = shape.localZ();
        for (int z = 0; z < shape.globalZ() / shape.localZ(); z++) {
            for (int y = 0; y < shape.globalY() / shape.localY(); y++) {
                for (int x = 0; x < shape.globalX() / shape.localX(); x++) {
                    item.groupX = x;
                    item.groupY = y;
                    item.groupZ = z;
                    group();
                }
            }
        }
        if (checker != null) {
            checker.endLaunch();
        }
    }

    private void group() {
        if (checker != null) {
            checker.beginGroup();
        }
        int state = advance(0);
        while (state != Kernel.END) {
            if (checker != null) {
                checker.passed(code.barrier(state));
            }
            state = advance(state);
        }
        group++;
    }

    /** Runs all work-items of the group from one barrier to the next, and returns the number of that barrier. */
    private int advance(int from) {
        int to = 0;
        int lane = 0;
        for (int z = 0; z < shape.localZ(); z++) {
            for (int y = 0; y < shape.localY(); y++) {
                for (int x = 0; x < shape.localX(); x++) {
                    moveTo(x, y, z, lane);
                    int reached = step(from);
                    if (lane == 0) {
                        to = reached;
                    } else if (reached != to) {
                        throw divergence(to, reached);
                    }
                    lane++;
                }
            }
        }
        if (checker != null) {
            checker.endStretch();
        }
        return to;
    }

    private void moveTo(int x, int y, int z, int lane) {
        item.lane = lane;
        if (checker != null) {
            checker.moveTo(group * shape.groupSize() + lane, lane);
        }
        item.localX = x;
        item.localY = y;
        item.localZ = z;
        item.globalX = item.groupX * item.localSizeX + x;
        item.globalY = item.groupY * item.localSizeY + y;
        item.globalZ = item.groupZ * item.localSizeZ + z;
    }

    private int step(int from) {
        try {
            return kernel.step(item, from);
        } catch (KernelFault fault) {
            throw fault;
        } catch (IndexOutOfBoundsException e) {
            throw failure(KernelFault.Kind.OUT_OF_BOUNDS, e);
        } catch (RuntimeException e) {
            throw failure(KernelFault.Kind.FAILED, e);
        }
    }

    private KernelFault failure(KernelFault.Kind kind, RuntimeException cause) {
        String line = "";
        for (StackTraceElement frame : cause.getStackTrace()) {
            if (frame.getClassName().equals(kernel.getClass().getName())) {
                line = " at line " + frame.getLineNumber();
                break;
            }
        }
        return new KernelFault(kind,
                "kernel " + code.name() + line + ": " + cause.getMessage() + ", by " + item, cause);
    }

    private KernelFault divergence(int first, int second) {
        return new KernelFault(KernelFault.Kind.DIVERGENT_BARRIER,
                "kernel " + code.name() + ": divergent barrier: " + item + " " + arrival(second)
                        + ", but the first work-item of its group " + arrival(first)
                        + "; every work-item of a group must reach the same barriers");
    }

    private String arrival(int state) {
        if (state == Kernel.END) {
            return "has ended";
        }
        Site barrier = code.barrier(state);
        return "waits at " + barrier.place() + " (" + barrier.what() + ")";
    }
}
