package dev.kvasir.lab;

/** The parameters that mean the same in every experiment that has them. */
public final class Parameters {
    /** Name of the parameter that lists policies. */
    public static final String KV = "kv";
    /** Name of the parameter that lists budgets. */
    public static final String BUDGET = "budget";
    /** Name of the parameter that lists page sizes. */
    public static final String PAGE_SIZE = "page-size";
    /** Name of the parameter that lists digests. */
    public static final String DIGEST = "digest";
    /** Name of the parameter that lists lengths. */
    public static final String LENGTH = "length";
    /** Name of the parameter that counts repeats. */
    public static final String REPEAT = "repeat";

    /** Name of the parameter that limits the texts. */
    public static final String CASES = "cases";
    /** The most texts of a file with {@code --quick}. */
    static final int QUICK_CASES = 4;

    private Parameters() {}

    /** {@code --kv}: policies to compare. */
    public static Parameter kv(String names) {
        return new Parameter(KV, "NAME,…", "cache policies to compare; see `policies`", names);
    }

    /** {@code --budget}: sizes to compare. */
    public static Parameter budget(String sizes) {
        return new Parameter(BUDGET, "SIZE,…",
                "tokens that may stay on the device, per layer and sequence: 512 tokens, 16p pages or 25%% of the context",
                sizes);
    }

    /** {@code --page-size}: page sizes to compare. */
    public static Parameter pageSize(String tokens) {
        return new Parameter(PAGE_SIZE, "TOKENS,…", "tokens in a page, powers of two from 4 to 128", tokens);
    }

    /** {@code --digest}: digests to compare, for policies that rank pages; empty for the policy's own digest. */
    public static Parameter digest(String names) {
        return new Parameter(DIGEST, "NAME,…",
                "digests by which pages are ranked; see `run --help`"
                        + (names.isEmpty() ? " (default: the policy's own)" : ""),
                names);
    }

    /** {@code --length}: tokens of a context. */
    public static Parameter length(String tokens) {
        return new Parameter(LENGTH, "TOKENS,…", "tokens of a text, including the question", tokens);
    }

    /** {@code --cases}: the most texts at each length, task or file; empty for all. {@link Grid#cases} reads it. */
    public static Parameter cases(String most) {
        return new Parameter(CASES, "N",
                "the most texts at each length, task or file; of a file the first ones"
                        + (most.isEmpty() ? " (default: all; %d of a file with --quick)".formatted(QUICK_CASES) : ""),
                most);
    }

    /** {@code --repeat}: how often each cell is measured, with new texts each time. */
    public static Parameter repeat(String times) {
        return new Parameter(REPEAT, "N", "how often each point of the grid is measured", times);
    }
}
