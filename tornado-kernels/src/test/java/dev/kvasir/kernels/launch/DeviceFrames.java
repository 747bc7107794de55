package dev.kvasir.kernels.launch;

import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.PageGather;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Frames as a kernel sees them, and the same memory as the scalar reference sees it. */
public final class DeviceFrames {
    public final PageGeometry geometry;
    public final FloatArray floats; // the frames of F32
    public final HalfFloatArray halves; // the frames of F16
    public final FrameArray view;

    /** Frames in which every number is NaN: what nothing may read. */
    public DeviceFrames(PageGeometry geometry, int count) {
        this.geometry = geometry;
        int elements = Math.toIntExact(FrameArray.bytes(geometry, count) / geometry.type().bytes());
        boolean half = geometry.type() == KvType.F16;
        floats = new FloatArray(half ? 1 : elements);
        halves = new HalfFloatArray(half ? elements : 1);
        view = new FrameArray(geometry, half ? halves.getSegment() : floats.getSegment(), count);
        for (int i = 0; i < elements; i++) {
            put(i, Float.NaN);
        }
    }

    public boolean isHalf() {
        return geometry.type() == KvType.F16;
    }

    /** What goes to the device. */
    public Object array() {
        return isHalf() ? halves : floats;
    }

    void put(long element, float value) {
        Elements.put(geometry.type(), view.memory(), element * geometry.type().bytes(), value);
    }

    public void putKey(int frame, int head, int slot, int d, float value) {
        Elements.put(geometry.type(), view.memory(), view.offset(frame) + geometry.keyOffset(head, slot, d), value);
    }

    /** Gives the first {@code tokens} slots of a frame keys and values. */
    public void fill(int frame, int tokens, Random random) {
        var memory = view.memory();
        for (int head = 0; head < geometry.heads(); head++) {
            for (int t = 0; t < tokens; t++) {
                for (int d = 0; d < geometry.headDim(); d++) {
                    putKey(frame, head, t, d, (float) random.nextGaussian());
                    Elements.put(geometry.type(), memory, view.offset(frame) + geometry.valueOffset(head, t, d),
                            (float) random.nextGaussian());
                }
            }
        }
    }

    /** Gives the pages of a list so many tokens in all. */
    public void fill(int[] list, int tokens, Random random) {
        for (int p = 0; p * geometry.pageSize() < tokens; p++) {
            fill(list[p], Math.min(geometry.pageSize(), tokens - p * geometry.pageSize()), random);
        }
    }

    /** Adds a task that reads the frames: what a graph only writes is not transferred to the device before. */
    public void read(TaskList tasks) {
        int stride = Math.toIntExact(FrameArray.stride(geometry) / geometry.type().bytes());
        var first = IntArray.fromElements(0);
        if (isHalf()) {
            var copy = new HalfFloatArray(stride);
            tasks.graph()
                    .transferToDevice(DataTransferMode.EVERY_EXECUTION, first, copy)
                    .task("read", PageGather::gatherHalf, tasks.context(), halves, first, copy, stride);
        } else {
            var copy = new FloatArray(stride);
            tasks.graph()
                    .transferToDevice(DataTransferMode.EVERY_EXECUTION, first, copy)
                    .task("read", PageGather::gather, tasks.context(), floats, first, copy, stride);
        }
        tasks.launch("read", PageGather.grid(1, stride));
    }

    /** The same frames in other memory. */
    public FrameArray copy() {
        var bytes = MemorySegment.ofArray(new byte[Math.toIntExact(FrameArray.bytes(geometry, view.count()))]);
        bytes.copyFrom(view.memory().asSlice(0, bytes.byteSize()));
        return new FrameArray(geometry, bytes, view.count());
    }

    /** Whether every byte is the same there. */
    public boolean equalBytes(FrameArray other) {
        return other.memory().mismatch(view.memory().asSlice(0, other.memory().byteSize())) == -1;
    }

    /** The types that kernels here can have frames of: not every real device has half-precision arrays. */
    public static KvType[] types() {
        for (boolean nativeHalf : TornadoRun.halves()) {
            if (nativeHalf) {
                return new KvType[]{KvType.F32, KvType.F16};
            }
        }
        return new KvType[]{KvType.F32};
    }

    /** The numbers {@code 0..n-1} in random order. */
    public static int[] shuffled(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
