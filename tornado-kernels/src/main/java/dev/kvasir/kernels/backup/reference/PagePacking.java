package dev.kvasir.kernels.backup.reference;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.backup.PackedPage;
import dev.kvasir.kernels.page.Elements;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Packs pages into backups of fewer bits and back, number by number: see {@link PackedPage}. */
public final class PagePacking {
    private PagePacking() {}

    /** Packs the page at {@code pageAt} into the backup at {@code backupAt}. */
    public static void pack(PackedPage layout, MemorySegment page, long pageAt, MemorySegment backup, long backupAt) {
        var geometry = layout.geometry();
        float[] x = new float[geometry.headDim()];
        for (int head = 0; head < geometry.heads(); head++) {
            for (int part = 0; part < 2; part++) {
                for (int token = 0; token < geometry.pageSize(); token++) {
                    for (int d = 0; d < x.length; d++) {
                        x[d] = Elements.get(geometry.type(), page, pageAt + offset(layout, head, part, token, d));
                    }
                    rotate(x, layout.rotated());
                    for (int block = 0; block < layout.blocks(); block++) {
                        packBlock(layout, x, block, backup, backupAt, head, part, token);
                    }
                }
            }
        }
    }

    private static void packBlock(PackedPage layout, float[] x, int block, MemorySegment backup, long backupAt,
            int head, int part, int token) {
        int size = layout.block();
        float largest = 0;
        for (int j = 0; j < size; j++) {
            float number = x[block * size + j];
            largest = Math.abs(number) > Math.abs(largest) ? number : largest;
        }
        boolean isByte = layout.type() == BackupType.Q8_0;
        short half = Float.floatToFloat16(isByte ? Math.abs(largest) / 127 : largest / -8);
        float scale = Float.float16ToFloat(half);
        float inverse = scale == 0 ? 0 : 1 / scale;
        int pageSize = layout.geometry().pageSize();
        backup.set(ValueLayout.JAVA_SHORT_UNALIGNED,
                backupAt + layout.scales(head, part) + 2L * (block * pageSize + token), half);
        int second = (size + 1) / 2;
        for (int j = 0; j < layout.blockBytes(); j++) {
            int code;
            if (isByte) {
                code = Math.clamp(nearest(x[block * size + j] * inverse), -127, 127);
            } else {
                int high = j + second < size ? nibble(x[block * size + j + second] * inverse) : 8;
                code = nibble(x[block * size + j] * inverse) | high << 4;
            }
            backup.set(ValueLayout.JAVA_BYTE, codeAt(layout, backupAt, head, part, block, j, token), (byte) code);
        }
    }

    private static int nearest(float x) {
        return (int) (x + Math.copySign(0.5f, x));
    }

    private static int nibble(float x) {
        return Math.clamp(nearest(x) + 8, 0, 15);
    }

    /** Unpacks the backup at {@code backupAt} into the page at {@code pageAt}. */
    public static void unpack(PackedPage layout, MemorySegment backup, long backupAt, MemorySegment page, long pageAt) {
        var geometry = layout.geometry();
        float[] x = new float[geometry.headDim()];
        for (int head = 0; head < geometry.heads(); head++) {
            for (int part = 0; part < 2; part++) {
                for (int token = 0; token < geometry.pageSize(); token++) {
                    for (int block = 0; block < layout.blocks(); block++) {
                        unpackBlock(layout, backup, backupAt, x, block, head, part, token);
                    }
                    rotate(x, layout.rotated());
                    for (int d = 0; d < x.length; d++) {
                        Elements.put(geometry.type(), page, pageAt + offset(layout, head, part, token, d), x[d]);
                    }
                }
            }
        }
    }

    private static void unpackBlock(PackedPage layout, MemorySegment backup, long backupAt, float[] x, int block,
            int head, int part, int token) {
        int size = layout.block();
        int second = (size + 1) / 2;
        float scale = Float.float16ToFloat(backup.get(ValueLayout.JAVA_SHORT_UNALIGNED, backupAt
                + layout.scales(head, part) + 2L * (block * layout.geometry().pageSize() + token)));
        for (int j = 0; j < layout.blockBytes(); j++) {
            int code = backup.get(ValueLayout.JAVA_BYTE, codeAt(layout, backupAt, head, part, block, j, token));
            if (layout.type() == BackupType.Q8_0) {
                x[block * size + j] = code * scale;
            } else {
                x[block * size + j] = ((code & 15) - 8) * scale;
                if (j + second < size) {
                    x[block * size + j + second] = ((code >> 4 & 15) - 8) * scale;
                }
            }
        }
    }

    private static long codeAt(PackedPage layout, long backupAt, int head, int part, int block, int j, int token) {
        return backupAt + layout.codes(head, part)
                + ((long) block * layout.blockBytes() + j) * layout.geometry().pageSize() + token;
    }

    private static long offset(PackedPage layout, int head, int part, int token, int d) {
        return part == 0 ? layout.geometry().keyOffset(head, token, d) : layout.geometry().valueOffset(head, token, d);
    }

    /** Multiplies runs of {@code n} numbers with the Hadamard matrix of that size, divided by sqrt(n); its own inverse. */
    static void rotate(float[] x, int n) {
        float norm = (float) (1 / Math.sqrt(n));
        for (int half = 1; half < n; half *= 2) {
            for (int i = 0; i < x.length; i++) {
                if ((i & half) == 0) {
                    float a = x[i];
                    float b = x[i + half];
                    x[i] = a + b;
                    x[i + half] = a - b;
                }
            }
        }
        for (int i = 0; i < x.length; i++) {
            x[i] *= norm;
        }
    }
}
