package dev.kvasir.model.sampling;

/** Reports that no token can be drawn: the largest logit is not a finite number. */
public final class LogitsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LogitsException(float largest) {
        super(("the largest logit is %s, so no token can be drawn: either the weights or the file are damaged, or keys "
                + "and values leave the range of F16 in the cache, and then BF16 or F32 helps").formatted(largest));
    }
}
