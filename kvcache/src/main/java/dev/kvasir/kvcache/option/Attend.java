package dev.kvasir.kvcache.option;

/** Which pages a decoded token attends to. */
public enum Attend {
    /** All pages that have a frame: the paper's rule. */
    RESIDENT,
    /** Sinks, the step's winners and the window only. */
    WINNERS
}
