package dev.kvasir.kernels.launch;

import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.PageGather;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Frames as a kernel sees them, and the same memory as the scalar reference sees it. */
public final class DeviceFrames {
    public final PageGeometry geometry;
    public final FrameBuffer buffer;
    public final FrameArray view;

    /** Frames in which every number is NaN: what nothing may read. */
    public DeviceFrames(PageGeometry geometry, int count) {
        this.geometry = geometry;
        buffer = FrameBuffer.of(geometry, count);
        view = new FrameArray(geometry, buffer.array().getSegment(), count);
        for (int i = 0; i < count * buffer.stride(); i++) {
            put(i, Float.NaN);
        }
    }

    /** What goes to the device. */
    public Object array() {
        return buffer.array();
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
        var first = IntArray.fromElements(0);
        var copy = FrameBuffer.of(geometry, 1);
        tasks.graph().transferToDevice(DataTransferMode.EVERY_EXECUTION, first, copy.array());
        PageGather.addTo(tasks, "read", buffer, first, copy);
    }

    /** Frames that are full of keys and values. */
    public static DeviceFrames filled(PageGeometry geometry, int count, Random random) {
        var frames = new DeviceFrames(geometry, count);
        for (int frame = 0; frame < count; frame++) {
            frames.fill(frame, geometry.pageSize(), random);
        }
        return frames;
    }

    /** The byte at which two frames differ, or -1. */
    public static long mismatch(FrameArray a, int frame, FrameArray b, int other) {
        long bytes = a.geometry().frameBytes();
        return a.memory()
                .asSlice(a.offset(frame), bytes)
                .mismatch(b.memory().asSlice(b.offset(other), bytes));
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
