package dev.kvasir.kvcache.option;

/** Which page leaves when a new one opens and the budget is used up. */
public enum Turnover {
    /** The oldest page of the window, whatever its importance: the paper's rule. */
    FIFO,
    /** The resident page of lowest importance in the step before, outside sinks, window and that step's winners. */
    SCORE
}
