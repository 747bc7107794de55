package dev.kvasir.lab.study;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.report.chart.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Compares times of policies with those of {@code full}, which keeps everything. */
final class RatioToFull {
    static final String FULL = "full";

    private RatioToFull() {}

    /** A policy and its budget, for charts and tables: {@code full}, {@code arkvale 512}. */
    static String label(Result result) {
        String policy = result.axis(Grid.POLICY);
        return policy.equals(FULL) ? policy : policy + " " + result.axis(Grid.BUDGET);
    }

    /**
     * A sentence about the ratio of each policy that was measured together with {@code full}, with the precision from
     * the repeats.
     *
     * @param ratio returns the ratio to {@code full}
     * @param toSentence returns the sentence about a ratio, without its end
     */
    static List<String> findings(List<Results> measured, Function<Results, Estimate> ratio,
            BiFunction<Result, Estimate, String> toSentence) {
        List<String> findings = new ArrayList<>();
        for (Results each : measured) {
            Estimate found = ratio.apply(each);
            Result one = each.all().getFirst();
            if (!one.axis(Grid.POLICY).equals(FULL) && !Double.isNaN(found.value())) {
                findings.add(toSentence.apply(one, found) + caveat(found) + ".");
            }
        }
        return findings;
    }

    private static String caveat(Estimate ratio) {
        if (!ratio.hasInterval()) {
            return ", measured once";
        }
        return ratio.low() > 1 || ratio.high() < 1 ? "" : ", which is within the noise";
    }
}
