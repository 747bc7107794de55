package dev.kvasir.runner.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The work that one row of a benchmark times.
 *
 * @param prompt number of tokens read at once
 * @param generated number of tokens then decoded one by one
 * @param depth number of tokens that are in the cache before
 */
public record BenchTest(int prompt, int generated, int depth) {

    public BenchTest {
        if (prompt < 0 || generated < 0 || depth < 0) {
            throw new IllegalArgumentException("%d prompt tokens, %d generated, depth %d: none may be negative"
                    .formatted(prompt, generated, depth));
        }
        if ((long) prompt + generated + depth > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "%d prompt tokens, %d generated and depth %d are more than any context holds: lower one of them"
                            .formatted(prompt, generated, depth));
        }
    }

    /**
     * All tests of a grid: for each depth the prompts, then the generations, then the pairs. Tests of 0 tokens are left
     * out.
     */
    public static List<BenchTest> grid(List<Integer> prompts, List<Integer> generations, List<BenchTest> pairs,
            List<Integer> depths) {
        List<BenchTest> tests = new ArrayList<>();
        for (int depth : depths) {
            prompts.stream().filter(n -> n != 0).forEach(n -> tests.add(new BenchTest(n, 0, depth)));
            generations.stream().filter(n -> n != 0).forEach(n -> tests.add(new BenchTest(0, n, depth)));
            pairs.forEach(pair -> tests.add(new BenchTest(pair.prompt, pair.generated, depth)));
        }
        return tests;
    }

    /** The number of tokens in the cache at the end. */
    public int capacity() {
        return prompt + generated + depth;
    }

    /** The number of timed tokens. */
    public int tokens() {
        return prompt + generated;
    }

    /** The name as llama-bench prints it: {@code pp512}, {@code tg128 @ d4096}. */
    public String label() {
        String name = prompt > 0 ? "pp" + prompt : "";
        if (generated > 0) {
            name += (name.isEmpty() ? "tg" : "+tg") + generated;
        }
        return depth > 0 ? name + " @ d" + depth : name;
    }
}
