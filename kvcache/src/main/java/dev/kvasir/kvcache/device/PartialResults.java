package dev.kvasir.kvcache.device;

import java.util.Arrays;

/**
 * The partial results of one query: per selection group a list of parts, each with one record a query head of the group.
 * A record is {@code {acc [headDim], max, sum}}, as the attention kernels write it. The room grows when more parts are
 * added than were ever there before.
 */
public final class PartialResults {
    final int queryHeads;
    final int groups;
    final int groupHeads;
    final int recordSize;
    private final float[][] records; // [groups][parts][groupHeads][recordSize]
    private final int[] parts;

    /**
     * No results yet.
     *
     * @param recordSize   numbers of a record
     * @param expectedParts parts of a group that there is room for
     */
    public PartialResults(int queryHeads, int groups, int recordSize, int expectedParts) {
        if (groups < 1 || queryHeads < groups || queryHeads % groups != 0) {
            throw new IllegalArgumentException("%d query heads do not divide into %d selection groups".formatted(
                    queryHeads, groups));
        }
        this.queryHeads = queryHeads;
        this.groups = groups;
        this.groupHeads = queryHeads / groups;
        this.recordSize = recordSize;
        this.records = new float[groups][expectedParts * groupHeads * recordSize];
        this.parts = new int[groups];
    }

    /** Makes room for {@code more} parts of a group; returns the number of the first. */
    int add(int group, int more) {
        int first = parts[group];
        parts[group] = first + more;
        int needed = Math.multiplyExact(parts[group] * groupHeads, recordSize);
        if (records[group].length < needed) {
            records[group] = Arrays.copyOf(records[group], Math.max(needed, 2 * records[group].length));
        }
        return first;
    }

    /** The records of a group. */
    float[] records(int group) {
        return records[group];
    }

    /** Where the record of head {@code head} of a group begins in part {@code part}. */
    int recordOffset(int part, int head) {
        return (part * groupHeads + head) * recordSize;
    }

    /** Parts added to a group since it was last emptied. */
    int parts(int group) {
        return parts[group];
    }

    /** The records of all groups. */
    float[][] records() {
        return records;
    }

    /** The parts of all groups. */
    int[] parts() {
        return parts;
    }

    void clear() {
        Arrays.fill(parts, 0);
    }
}
