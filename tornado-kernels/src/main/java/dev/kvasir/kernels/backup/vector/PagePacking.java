package dev.kvasir.kernels.backup.vector;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.backup.PackedPage;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.KvType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Packs pages into backups of fewer bits and back, to the bits of {@link dev.kvasir.kernels.backup.reference.PagePacking}.
 * The inner loops run over the tokens of a page, whose numbers of one dimension are neighbours, so that the compiler turns
 * them into vectors. For one thread at a time.
 */
public final class PagePacking {
    private final PackedPage layout;
    private final int pageSize;
    private final int headDim;
    private final int block;
    private final float[] panel; // [headDim][pageSize]
    private final float[] largest; // [pageSize]
    private final float[] scales;
    private final byte[] codes; // [pageSize]

    /** Packs pages of this layout. */
    public PagePacking(PackedPage layout) {
        this.layout = layout;
        pageSize = layout.geometry().pageSize();
        headDim = layout.geometry().headDim();
        block = layout.block();
        panel = new float[headDim * pageSize];
        largest = new float[pageSize];
        scales = new float[pageSize];
        codes = new byte[pageSize];
    }

    /** Packs the page at {@code pageAt} into the backup at {@code backupAt}. */
    public void pack(MemorySegment page, long pageAt, MemorySegment backup, long backupAt) {
        for (int head = 0; head < layout.geometry().heads(); head++) {
            readKeys(page, pageAt + layout.geometry().keyOffset(head, 0, 0));
            packPart(backup, backupAt, head, 0);
            readValues(page, pageAt + layout.geometry().valueOffset(head, 0, 0));
            packPart(backup, backupAt, head, 1);
        }
    }

    private void packPart(MemorySegment backup, long backupAt, int head, int part) {
        rotate();
        long scaleAt = backupAt + layout.scales(head, part);
        long codeAt = backupAt + layout.codes(head, part);
        for (int b = 0; b < layout.blocks(); b++) {
            int first = b * block * pageSize;
            findLargest(first);
            for (int t = 0; t < pageSize; t++) {
                short half = Float.floatToFloat16(
                        layout.type() == BackupType.Q8_0 ? Math.abs(largest[t]) / 127 : largest[t] / -8);
                backup.set(ValueLayout.JAVA_SHORT_UNALIGNED, scaleAt + 2L * (b * pageSize + t), half);
                float scale = Float.float16ToFloat(half);
                scales[t] = scale == 0 ? 0 : 1 / scale;
            }
            for (int j = 0; j < layout.blockBytes(); j++) {
                if (layout.type() == BackupType.Q8_0) {
                    bytes(first + j * pageSize);
                } else {
                    int high = j + (block + 1) / 2;
                    nibbles(first + j * pageSize, high < block ? first + high * pageSize : -1);
                }
                MemorySegment.copy(codes, 0, backup, ValueLayout.JAVA_BYTE,
                        codeAt + ((long) b * layout.blockBytes() + j) * pageSize, pageSize);
            }
        }
    }

    private void findLargest(int first) {
        for (int t = 0; t < pageSize; t++) {
            largest[t] = 0;
        }
        for (int j = 0; j < block; j++) {
            int row = first + j * pageSize;
            for (int t = 0; t < pageSize; t++) {
                float number = panel[row + t];
                largest[t] = Math.abs(number) > Math.abs(largest[t]) ? number : largest[t];
            }
        }
    }

    private void bytes(int row) {
        for (int t = 0; t < pageSize; t++) {
            float x = panel[row + t] * scales[t];
            codes[t] = (byte) Math.max(-127, Math.min(127, (int) (x + Math.copySign(0.5f, x))));
        }
    }

    private void nibbles(int low, int high) {
        for (int t = 0; t < pageSize; t++) {
            float x = panel[low + t] * scales[t];
            codes[t] = (byte) Math.max(0, Math.min(15, (int) (x + Math.copySign(0.5f, x)) + 8));
        }
        for (int t = 0; t < pageSize; t++) {
            float x = high < 0 ? 0 : panel[high + t] * scales[t];
            codes[t] |= (byte) (Math.max(0, Math.min(15, (int) (x + Math.copySign(0.5f, x)) + 8)) << 4);
        }
    }

    /** Unpacks the backup at {@code backupAt} into the page at {@code pageAt}. */
    public void unpack(MemorySegment backup, long backupAt, MemorySegment page, long pageAt) {
        for (int head = 0; head < layout.geometry().heads(); head++) {
            unpackPart(backup, backupAt, head, 0);
            writeKeys(page, pageAt + layout.geometry().keyOffset(head, 0, 0));
            unpackPart(backup, backupAt, head, 1);
            writeValues(page, pageAt + layout.geometry().valueOffset(head, 0, 0));
        }
    }

    private void unpackPart(MemorySegment backup, long backupAt, int head, int part) {
        long scaleAt = backupAt + layout.scales(head, part);
        long codeAt = backupAt + layout.codes(head, part);
        for (int b = 0; b < layout.blocks(); b++) {
            int first = b * block * pageSize;
            for (int t = 0; t < pageSize; t++) {
                scales[t] = Float.float16ToFloat(
                        backup.get(ValueLayout.JAVA_SHORT_UNALIGNED, scaleAt + 2L * (b * pageSize + t)));
            }
            for (int j = 0; j < layout.blockBytes(); j++) {
                MemorySegment.copy(backup, ValueLayout.JAVA_BYTE,
                        codeAt + ((long) b * layout.blockBytes() + j) * pageSize, codes, 0, pageSize);
                int row = first + j * pageSize;
                if (layout.type() == BackupType.Q8_0) {
                    for (int t = 0; t < pageSize; t++) {
                        panel[row + t] = codes[t] * scales[t];
                    }
                    continue;
                }
                for (int t = 0; t < pageSize; t++) {
                    panel[row + t] = ((codes[t] & 15) - 8) * scales[t];
                }
                int high = j + (block + 1) / 2;
                for (int t = 0; t < pageSize && high < block; t++) {
                    panel[first + high * pageSize + t] = ((codes[t] >> 4 & 15) - 8) * scales[t];
                }
            }
        }
        rotate();
    }

    private void rotate() {
        int n = layout.rotated();
        for (int half = 1; half < n; half *= 2) {
            for (int i = 0; i < headDim; i++) {
                if ((i & half) == 0) {
                    turn(i * pageSize, (i + half) * pageSize);
                }
            }
        }
        float norm = (float) (1 / Math.sqrt(n));
        for (int i = 0; i < panel.length; i++) {
            panel[i] *= norm;
        }
    }

    private void turn(int low, int high) {
        for (int t = 0; t < pageSize; t++) {
            float a = panel[low + t];
            float b = panel[high + t];
            panel[low + t] = a + b;
            panel[high + t] = a - b;
        }
    }

    private void readKeys(MemorySegment page, long at) {
        KvType type = layout.geometry().type();
        if (type == KvType.F16) {
            for (int i = 0; i < panel.length; i++) {
                panel[i] = Float.float16ToFloat(page.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * i));
            }
            return;
        }
        for (int i = 0; i < panel.length; i++) {
            panel[i] = Elements.get(type, page, at + (long) i * type.bytes());
        }
    }

    private void readValues(MemorySegment page, long at) {
        KvType type = layout.geometry().type();
        for (int t = 0; t < pageSize; t++) {
            for (int d = 0; d < headDim; d++) {
                panel[d * pageSize + t] = Elements.get(type, page, at + ((long) t * headDim + d) * type.bytes());
            }
        }
    }

    private void writeKeys(MemorySegment page, long at) {
        KvType type = layout.geometry().type();
        if (type == KvType.F16) {
            for (int i = 0; i < panel.length; i++) {
                page.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * i, Float.floatToFloat16(panel[i]));
            }
            return;
        }
        for (int i = 0; i < panel.length; i++) {
            Elements.put(type, page, at + (long) i * type.bytes(), panel[i]);
        }
    }

    private void writeValues(MemorySegment page, long at) {
        KvType type = layout.geometry().type();
        for (int t = 0; t < pageSize; t++) {
            for (int d = 0; d < headDim; d++) {
                Elements.put(type, page, at + ((long) t * headDim + d) * type.bytes(), panel[d * pageSize + t]);
            }
        }
    }
}
