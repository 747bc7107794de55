package dev.kvasir.kvcache.transfer.tornado;

import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Copies pages between the resident array of frames and the host store by {@code cuMemcpyDtoHAsync} and
 * {@code cuMemcpyHtoDAsync}, on a stream of their own: the device's copy engines work while its kernels run, and nothing
 * passes through staging arrays. For the PTX and CUDA backends.
 *
 * <p>Where TornadoVM put the array is known to nobody but a library task, so graphs carry one or two:
 * <ul>
 * <li>{@link #addStart} begins the copies enqueued so far, at its place among the graph's kernels. A graph that has done
 * so once has told the address; from then on {@link #start} and {@link #startAhead} begin copies from the host at any
 * time.
 * <li>{@link #addAwait} keeps the graph's later kernels from starting before the copies begun are done, but for those
 * begun ahead: on the CUDA backend by an event, on PTX, which hides its stream, by making the launching thread wait,
 * while the kernels launched before go on.
 * </ul>
 *
 * <p>The order that makes copies the right ones is the caller's, as {@link PageTransfers} says: a backup is enqueued when
 * the execution that wrote its page has returned. One thread at a time. Not for graphs that are captured as CUDA graphs.
 */
public final class CudaPageTransfers implements PageTransfers {
    private static final int RING = 64; // a power of two

    static final String LIBRARY = "kvasir/pages";
    static final String START = "start";
    static final String AWAIT = "await";

    private final Supplier<HostStore> host;
    private final long pageBytes;
    private final long stride;
    private final Supplier<CudaDriver> driver; // TornadoVM has loaded it by the time it is asked for
    private final Set<Long> locked = new HashSet<>(); // addresses of the store's memory that is page-locked
    private @Nullable CudaStream stream;
    private long exposedNanos;

    // A ring of copies: copy c is at index c & (length - 1); ended <= begun <= added, due <= begun.
    private Copy[] copies = new Copy[RING];
    private long added;
    private long begun;
    private long ended;
    private long due; // copies before this one are waited for by the next task that waits

    /**
     * No copies.
     *
     * @param host is asked for when copies are begun
     * @param pageBytes bytes of a frame that are copied
     * @param stride bytes from one frame to the next
     */
    public CudaPageTransfers(Supplier<HostStore> host, long pageBytes, long stride) {
        this(host, pageBytes, stride, CudaDriver::new);
    }

    CudaPageTransfers(Supplier<HostStore> host, long pageBytes, long stride, Supplier<CudaDriver> driver) {
        this.host = host;
        this.pageBytes = pageBytes;
        this.stride = stride;
        this.driver = driver;
        Arrays.setAll(copies, i -> new Copy());
    }

    /** A place in the ring. */
    private static final class Copy {
        private boolean recall;
        private int frame;
        private int slot;
        private long event; // happens when the copy is done; made with the first copy in this place
    }

    /** Adds a task that begins the copies which are enqueued when the graph comes to it. */
    public void addStart(TaskGraph graph, String task, TornadoNativeArray frames) {
        graph.libraryTask(task, CudaPageTransfers::startTask, this, frames);
    }

    /** Adds a task after which kernels find done what was begun. */
    public void addAwait(TaskGraph graph, String task, TornadoNativeArray frames) {
        graph.libraryTask(task, CudaPageTransfers::awaitTask, this, frames);
    }

    private static LibraryTaskDescriptor startTask(CudaPageTransfers transfers, TornadoNativeArray frames) {
        return task(START, transfers, frames);
    }

    private static LibraryTaskDescriptor awaitTask(CudaPageTransfers transfers, TornadoNativeArray frames) {
        return task(AWAIT, transfers, frames);
    }

    private static LibraryTaskDescriptor task(String function, CudaPageTransfers transfers, TornadoNativeArray frames) {
        return new LibraryTaskDescriptor().withLibrary(LIBRARY)
                .withFunction(function)
                .withParameters(new Object[]{frames})
                .withAccess(new Access[]{Access.READ_WRITE})
                .withTuning(transfers);
    }

    /**
     * The graph has come to a task: {@code frames} is where the device holds the array. On the CUDA backend
     * {@code kernels} is the stream that kernels are launched on, elsewhere 0.
     */
    void dispatch(String function, long frames, long kernels) {
        var copying = stream;
        if (copying == null) {
            copying = new CudaStream(driver.get(), frames);
            stream = copying;
        }
        if (frames != copying.frames()) {
            throw new IllegalStateException(
                    "the device has moved the frames, and copies would go astray: set EngineOptions.pageCopies to staged");
        }
        if (function.equals(START)) {
            if (kernels != 0) {
                copying.follow(kernels);
            }
            begin(copying);
            due = begun;
        } else if (due > ended) {
            await(copying, kernels);
        }
    }

    /** Has the kernels wait for what is due. */
    private void await(CudaStream copying, long kernels) {
        copying.enter();
        long event = at(due - 1).event;
        if (kernels != 0) {
            copying.driver().streamWaits(kernels, event);
        } else {
            long start = System.nanoTime();
            copying.driver().waitEvent(event);
            ended = due;
            exposedNanos += System.nanoTime() - start;
        }
    }

    /** Begins what is enqueued, as soon as a graph has told where the frames are, for the next task that waits. */
    public void start() {
        startAhead();
        due = begun;
    }

    /** As {@link #start}, for nobody but those who await these copies by their tickets. */
    public void startAhead() {
        if (stream != null) {
            begin(stream);
        }
    }

    private void begin(CudaStream copying) {
        copying.enter();
        for (; begun < added; begun++) {
            Copy copy = at(begun);
            MemorySegment store = host.get().memory(copy.slot);
            if (locked.add(store.address()) && !copying.driver().lock(store)) {
                locked.remove(store.address()); // somebody else has locked it, and will unlock it
            }
            if (copy.event == 0) {
                copy.event = copying.driver().createEvent();
            }
            copying.copy(copy.recall, copying.frames() + copy.frame * stride,
                    store.address() + host.get().offset(copy.slot),
                    pageBytes, copy.event);
        }
    }

    @Override
    public long backup(int frame, int slot) {
        return add(false, frame, slot);
    }

    @Override
    public long recall(int slot, int frame) {
        return add(true, frame, slot);
    }

    private long add(boolean recall, int frame, int slot) {
        if (added - ended == copies.length) {
            end();
            if (added - ended == copies.length) {
                grow();
            }
        }
        Copy copy = at(added);
        copy.recall = recall;
        copy.frame = frame;
        copy.slot = slot;
        return added++;
    }

    private Copy at(long copy) {
        return copies[(int) copy & (copies.length - 1)];
    }

    /** Counts what is done: copies of one stream end in order. */
    private void end() {
        while (ended < begun && stream != null && stream.driver().happened(at(ended).event)) {
            ended++;
        }
    }

    private void grow() {
        var larger = new Copy[2 * copies.length];
        Arrays.setAll(larger, i -> new Copy());
        for (long copy = ended; copy < added; copy++) {
            larger[(int) copy & (larger.length - 1)] = at(copy);
        }
        copies = larger;
    }

    @Override
    public boolean done(long ticket) {
        if (ticket >= ended) {
            end();
        }
        return ticket < ended;
    }

    @Override
    public void await(long ticket) {
        if (done(ticket)) {
            return;
        }
        var copying = stream;
        if (copying == null) {
            throw new IllegalStateException("no graph with a start task has run yet: run one before a copy is awaited");
        }
        long start = System.nanoTime();
        try {
            begin(copying);
            copying.driver().waitEvent(at(ticket).event);
            ended = Math.max(ended, ticket + 1);
        } catch (CudaException e) {
            throw new CopyFailedException("the copy of a page failed: " + e.getMessage(), e);
        }
        exposedNanos += System.nanoTime() - start;
    }

    /** The device's copy engines do not say how long they were at it. */
    @Override
    public long hiddenNanos() {
        return 0;
    }

    @Override
    public long exposedNanos() {
        return exposedNanos;
    }

    @Override
    public void close() {
        var copying = stream;
        if (copying == null) {
            return;
        }
        begin(copying);
        copying.drain();
        for (Copy copy : copies) {
            if (copy.event != 0) {
                copying.driver().destroyEvent(copy.event);
            }
        }
        locked.forEach(copying.driver()::unlock);
        copying.close();
        stream = null;
    }
}
