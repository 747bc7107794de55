package dev.kvasir.sim.run;

import dev.kvasir.sim.KernelFault;
import dev.kvasir.sim.KernelFault.Kind;
import dev.kvasir.sim.MemoryReport;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The checks of one kernel's launches: bounds, races between work-items, and reads of local memory before a write.
 * {@code globalBarrier} orders accesses to global memory within a group, and nothing orders them between groups.
 * {@code localBarrier} orders accesses to local memory.
 */
final class Checker {
    /** The field of an array that holds its {@link Watched}, so that finding it costs one load. */
    private static final VarHandle WATCHED;

    static {
        try {
            WATCHED = MethodHandles.privateLookupIn(TornadoNativeArray.class, MethodHandles.lookup())
                    .findVarHandle(TornadoNativeArray.class, "companion", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final KernelCode code;
    private final WorkItem item;
    private final LaunchShape shape;
    private int stamp = 1; // of global memory; grows at each barrier and with each group
    private int groupStamp = 1;
    private int localStamp; // of local memory, which is kept for all launches of a kernel
    private int localGroupStamp;
    private int number; // number of the work-item in the launch
    private final @Nullable Traffic traffic;

    /** An argument of the launch, with a {@code shadow} if several work-items may access an element. */
    private static final class Watched {
        private final int argument;
        private final int size;
        private @Nullable Shadow shadow;

        Watched(int argument, int size) {
            this.argument = argument;
            this.size = size;
        }
    }

    Checker(KernelCode code, WorkItem item, LaunchShape shape, Object[] arguments) {
        this.code = code;
        this.item = item;
        this.shape = shape;
        localStamp = item.local.stamp();
        MemoryReport report = MemoryReport.current();
        traffic = report == null || !code.usesContext() ? null : new Traffic(report, code);
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof TornadoNativeArray array) {
                WATCHED.set(array, new Watched(i, array.getSize()));
            }
        }
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof TornadoNativeArray array && code.mayRace(i)) {
                watched(array).shadow = new Shadow(array.getSize());
            }
        }
    }

    private static Watched watched(TornadoNativeArray array) {
        return Objects.requireNonNull((Watched) WATCHED.get(array));
    }

    void beginGroup() {
        stamp++;
        groupStamp = stamp;
        localStamp = item.local.nextStamp();
        localGroupStamp = localStamp;
    }

    void moveTo(int number, int lane) {
        this.number = number;
        if (traffic != null) {
            traffic.moveTo(lane);
        }
    }

    /** Called when all work-items of the group have reached a barrier or their end. */
    void endStretch() {
        if (traffic != null) {
            traffic.endWarp();
        }
    }

    void endLaunch() {
        if (traffic != null) {
            traffic.end();
        }
    }

    /** Called before the next iteration of a parallel loop, which counts as another work-item. */
    void iterate() {
        number++;
    }

    void passed(Site barrier) {
        if (barrier.what().equals("globalBarrier")) {
            stamp++;
        } else {
            localStamp = item.local.nextStamp();
        }
    }

    void read(TornadoNativeArray array, int index, int site) {
        Watched watched = watched(array);
        requireInside(watched, array, index, site);
        if (watched.shadow != null) {
            int other = watched.shadow.read(index, number, stamp, groupStamp, 1);
            requireNone(other, watched, index, site, "reads", "has written");
        }
    }

    void write(TornadoNativeArray array, int index, int site) {
        Watched watched = watched(array);
        requireInside(watched, array, index, site);
        if (watched.shadow != null) {
            int other = watched.shadow.write(index, number, stamp, groupStamp, 1);
            requireNone(other, watched, index, site, "writes", "has used");
        }
    }

    void add(TornadoNativeArray array, int index, int site) {
        Watched watched = watched(array);
        requireInside(watched, array, index, site);
        if (watched.shadow != null) {
            int other = watched.shadow.add(index, number, stamp, groupStamp, 1);
            requireNone(other, watched, index, site, "adds atomically to", "has used otherwise");
        }
    }

    private void requireInside(Watched watched, TornadoNativeArray array, int index, int site) {
        if (index < 0 || index >= watched.size) {
            throw fault(Kind.OUT_OF_BOUNDS, site, "uses " + sized(nameOf(watched), index) + " a "
                    + array.getClass().getSimpleName() + " of " + watched.size);
        }
        if (traffic != null) {
            traffic.global(site, nameOf(watched), index, array.getElementSize());
        }
    }

    private void requireNone(int other, Watched watched, int index, int site, String does, String did) {
        if (other != Shadow.NONE) {
            throw fault(Kind.DATA_RACE, site, does + " " + element(nameOf(watched), index) + ", which "
                    + describe(other) + " " + did + "; only a globalBarrier within one group orders them");
        }
    }

    void readLocal(LocalMemory.LocalArray array, int index, int site) {
        requireInside(array, index, site);
        if (!array.shadow().isWritten(index, localGroupStamp)) {
            throw fault(Kind.UNINITIALISED_READ, site,
                    "reads " + element(nameOf(array), index) + " of local memory, which its group has not written");
        }
        int other = array.shadow().read(index, number, localStamp, localGroupStamp, localGroupStamp);
        requireNone(other, array, index, site, "reads", "has written");
    }

    void writeLocal(LocalMemory.LocalArray array, int index, int site) {
        requireInside(array, index, site);
        int other = array.shadow().write(index, number, localStamp, localGroupStamp, localGroupStamp);
        requireNone(other, array, index, site, "writes", "has used");
    }

    private void requireInside(LocalMemory.LocalArray array, int index, int site) {
        if (index < 0 || index >= array.size()) {
            throw fault(Kind.OUT_OF_BOUNDS, site,
                    "uses " + sized(nameOf(array), index) + " a local array of " + array.size());
        }
        if (traffic != null) {
            traffic.local(site, nameOf(array), index, array.elementBytes());
        }
    }

    private void requireNone(int other, LocalMemory.LocalArray array, int index, int site, String does, String did) {
        if (other != Shadow.NONE) {
            throw fault(Kind.DATA_RACE, site, does + " " + element(nameOf(array), index) + " of local memory, which "
                    + describe(other) + " " + did + " since the last localBarrier");
        }
    }

    void requireInside(int index, int size, int site) {
        if (index < 0 || index >= size) {
            throw fault(Kind.OUT_OF_BOUNDS, site, "uses element " + index + " of a private array of " + size);
        }
    }

    /** {@code tile[3]}, or, for an array whose name is not known, {@code element 3 of its 1st array}. */
    private static String element(String name, int index) {
        return isKnown(name) ? name + "[" + index + "]" : "element " + index + " of " + name;
    }

    /** An element, before the kind and size of its array. */
    private static String sized(String name, int index) {
        return element(name, index) + (isKnown(name) ? " of" : ",");
    }

    private static boolean isKnown(String name) {
        return name.indexOf(' ') < 0;
    }

    private String nameOf(Watched watched) {
        return code.arguments().get(watched.argument).name();
    }

    private String nameOf(LocalMemory.LocalArray array) {
        return code.locals().get(array.place());
    }

    private String describe(int other) {
        if (other == Shadow.SOMEONE) {
            return "another work-item";
        }
        if (!code.usesContext()) {
            return "another iteration";
        }
        return shape.describe(other);
    }

    /** A fault at a place of the kernel, with the current work-item. */
    KernelFault fault(Kind kind, int site, String what) {
        return new KernelFault(kind,
                "kernel " + code.name() + " at " + code.sites().get(site).place() + " " + what + "; by " + item);
    }
}
