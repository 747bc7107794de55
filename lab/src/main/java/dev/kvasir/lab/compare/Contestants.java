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
 * What is compared over budgets: a policy, and its page size and digest where the grid has several. {@code arkvale},
 * {@code arkvale, pages of 16}.
 */
public final class Contestants {
    /** The budget of whoever keeps everything. */
    static final String UNLIMITED = Budget.UNLIMITED.toString();

    private final boolean manyPageSizes;

    /** Those of some results. */
    Contestants(Results results) {
        manyPageSizes = results.values(Grid.PAGE_SIZE).size() > 1;
    }

    /** The one that a result is of. */
    String of(Result result) {
        String name = result.axis(Grid.POLICY);
        if (result.axis(Grid.BUDGET).equals(UNLIMITED)) {
            return name;
        }
        String pages = manyPageSizes ? ", pages of " + result.axis(Grid.PAGE_SIZE) : "";
        String digest = result.axis(Grid.DIGEST).isEmpty() ? "" : ", " + result.axis(Grid.DIGEST);
        return name + pages + digest;
    }

    /** Results by contestant, in the order of the grid. */
    Map<String, Results> split(Results results) {
        Map<String, List<Result>> groups = new LinkedHashMap<>();
        results.all().forEach(result -> groups.computeIfAbsent(of(result), name -> new ArrayList<>()).add(result));
        Map<String, Results> split = new LinkedHashMap<>();
        groups.forEach((name, group) -> split.put(name, new Results(group)));
        return split;
    }

    /** The budgets of those that have one, in the order of the grid. */
    static List<String> budgets(Results results) {
        return results.values(Grid.BUDGET).stream().filter(budget -> !budget.equals(UNLIMITED)).toList();
    }

    /** A budget in tokens, for an axis; NaN for a share or none. */
    static double tokens(String budget, int pageSize) {
        return switch (Budget.parse(budget)) {
            case Budget.Tokens t -> t.tokens();
            case Budget.Pages p -> (double) p.pages() * pageSize;
            case Budget.Share s -> Double.NaN;
            case Budget.Unlimited u -> Double.NaN;
        };
    }
}
