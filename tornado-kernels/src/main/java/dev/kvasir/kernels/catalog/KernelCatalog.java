package dev.kvasir.kernels.catalog;

import dev.kvasir.kernels.launch.KernelSample;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every kernel with sample arguments, in the shapes of a model of a thousand million weights: {@value #HIDDEN} wide,
 * {@value #QUERY_HEADS} query heads that share {@value #KV_HEADS} KV heads of {@value #HEAD_DIM}, pages of
 * {@value #PAGE_SIZE} tokens. For compiling each on its own: to look at its code, or to have an assembler count its
 * registers.
 */
public final class KernelCatalog {
    static final int HIDDEN = 2048;
    static final int FEED_FORWARD = 8192;
    static final int QUERY_HEADS = 32;
    static final int KV_HEADS = 8;
    static final int HEAD_DIM = 64;
    static final int PAGE_SIZE = 32;
    static final int VOCABULARY = 128_256;

    private KernelCatalog() {}

    /** All samples. */
    public static List<KernelSample> all() {
        return Stream.concat(DenseSamples.all().stream(), PageSamples.all().stream()).toList();
    }

    /**
     * The samples whose name is {@code name} or begins with it and a dot, in any case of letters.
     *
     * @throws IllegalArgumentException if there are none: the message lists the kernels
     */
    public static List<KernelSample> named(String name) {
        List<KernelSample> found = all().stream()
                .filter(sample -> (sample.name() + ".").regionMatches(true, 0, name + ".", 0, name.length() + 1))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no kernel %s; choose from %s".formatted(name,
                    String.join(", ", all().stream().map(KernelSample::name).toList())));
        }
        return found;
    }
}
