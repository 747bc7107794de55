package dev.kvasir.kvcache.page;

/** The pages of one layer, sequence and selection group that have a frame, in ascending order. */
public interface Residents {

    /** How many. */
    int size();

    /** The {@code i}-th, ascending. */
    int page(int i);

    /** Whether {@code page} is one of them. */
    boolean contains(int page);
}
