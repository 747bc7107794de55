package dev.kvasir.kernels.digest;

/** How the estimates of the query heads of one selection group become one importance. */
public enum HeadAggregation {
    MEAN,
    MAX
}
