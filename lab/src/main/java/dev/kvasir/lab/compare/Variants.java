package dev.kvasir.lab.compare;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the variants that are compared over budgets: a policy, with its page size and digest if the grid has several.
 * {@code arkvale}, {@code arkvale, pages of 16}.
 */
public final class Variants {
    /** The budget of a policy that keeps everything. */
    static final String UNLIMITED = Budget.UNLIMITED.toString();

    private final boolean manyPageSizes;

    /** The variants of some results. */
    Variants(Results results) {
        manyPageSizes = results.values(Grid.PAGE_SIZE).size() > 1;
    }

    /** The variant of a result. */
    String of(Result result) {
        String name = result.axis(Grid.POLICY);
        if (result.axis(Grid.BUDGET).equals(UNLIMITED)) {
            return name;
        }
        String pages = manyPageSizes ? ", pages of " + result.axis(Grid.PAGE_SIZE) : "";
        String digest = result.axis(Grid.DIGEST).isEmpty() ? "" : ", " + result.axis(Grid.DIGEST);
        return name + pages + digest;
    }

    /** The results by variant, in the order of the grid. */
    Map<String, Results> split(Results results) {
        Map<String, List<Result>> groups = new LinkedHashMap<>();
        results.all().forEach(result -> groups.computeIfAbsent(of(result), name -> new ArrayList<>()).add(result));
        Map<String, Results> split = new LinkedHashMap<>();
        groups.forEach((name, group) -> split.put(name, new Results(group)));
        return split;
    }

    /** The budgets in the order of the grid, without {@link #UNLIMITED}. */
    static List<String> budgets(Results results) {
        return results.values(Grid.BUDGET).stream().filter(budget -> !budget.equals(UNLIMITED)).toList();
    }

    /** A budget in tokens, for an axis; NaN for a share of the context or an unlimited budget. */
    static double tokens(String budget, int pageSize) {
        return switch (Budget.parse(budget)) {
            case Budget.Tokens t -> t.tokens();
            case Budget.Pages p -> (double) p.pages() * pageSize;
            case Budget.Share s -> Double.NaN;
            case Budget.Auto a -> Double.NaN;
            case Budget.Unlimited u -> Double.NaN;
        };
    }
}
