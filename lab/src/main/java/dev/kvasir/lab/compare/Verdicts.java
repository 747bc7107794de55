package dev.kvasir.lab.compare;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.statistics.Holm;
import dev.kvasir.lab.statistics.SignedRank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sentences that compare the best variant of each budget with each of the others on the same texts, by Wilcoxon's signed
 * rank test. Holm's correction covers all comparisons of the table.
 */
record Verdicts(Results results, String what, Score score, Variants variants) {

    private record Verdict(String budget, String best, String other, Pairs pairs, SignedRank test) {
        boolean isBetter(double corrected, Score score) {
            return corrected <= SignedRank.LEVEL && test.sign() == (score.better() == Score.Better.HIGHER ? 1 : -1);
        }
    }

    /** A sentence for each budget and one that names the test; none without two variants. */
    List<String> sentences() {
        List<Verdict> all = new ArrayList<>();
        Variants.budgets(results).forEach(budget -> all.addAll(at(budget)));
        double[] corrected = Holm.corrected(all.stream().mapToDouble(verdict -> verdict.test.p()).toArray());
        List<String> sentences = new ArrayList<>();
        for (int start = 0; start < all.size();) {
            int end = start;
            List<String> better = new ArrayList<>();
            List<String> level = new ArrayList<>();
            Verdict first = all.get(start);
            for (; end < all.size() && all.get(end).budget.equals(first.budget); end++) {
                Verdict verdict = all.get(end);
                (verdict.isBetter(corrected[end], score) ? better : level).add(written(verdict, corrected[end]));
            }
            sentences.add(sentence(first, better, level));
            start = end;
        }
        if (!all.isEmpty()) {
            sentences.add(method(all));
        }
        return sentences;
    }

    private List<Verdict> at(String budget) {
        Map<String, Results> byVariant = variants.split(results.at(Grid.BUDGET, budget));
        Comparator<String> byScore = Comparator
                .comparingDouble(name -> score.of(byVariant.getOrDefault(name, new Results(List.of()))).value());
        boolean isHigher = score.better() == Score.Better.HIGHER;
        String best = byVariant.keySet().stream().max(isHigher ? byScore : byScore.reversed()).orElse("");
        Results own = byVariant.getOrDefault(best, new Results(List.of()));
        List<Verdict> verdicts = new ArrayList<>();
        byVariant.forEach((name, others) -> {
            if (!name.equals(best)) {
                Pairs pairs = Pairs.of(own, others, score);
                verdicts.add(new Verdict(budget, best, name, pairs, SignedRank.of(pairs.differences())));
            }
        });
        return verdicts;
    }

    private String written(Verdict verdict, double corrected) {
        int texts = verdict.pairs.size() + verdict.pairs.alone();
        return "%s (difference %s, p %s, corrected %s%s)".formatted(verdict.other,
                score.written(verdict.pairs.difference(score)), probability(verdict.test.p()), probability(corrected),
                verdict.pairs.alone() == 0
                        ? ""
                        : ", %d of %d texts, because the others have one result".formatted(verdict.pairs.size(),
                                texts));
    }

    private String sentence(Verdict verdict, List<String> better, List<String> level) {
        String first = better.isEmpty() ? "" : " is better than " + String.join(", ", better);
        String noise = level.isEmpty() ? "" : " does not differ significantly from " + String.join(", ", level);
        String text = "%s, budget %s: %s%s%s%s.".formatted(what, verdict.budget, verdict.best, first,
                first.isEmpty() || noise.isEmpty() ? "" : ", and", noise);
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private String method(List<Verdict> all) {
        int texts = all.stream().mapToInt(verdict -> verdict.pairs.size()).max().orElse(0);
        int enough = texts;
        while (SignedRank.smallest(enough) * all.size() > SignedRank.LEVEL) {
            enough++;
        }
        String more = enough == texts
                ? ""
                : " No difference on %d can be significant: measure %d or more.".formatted(texts, enough);
        return "p: signed rank test on %s texts; corrected: by Holm for %s.%s"
                .formatted(all.stream()
                        .map(verdict -> verdict.pairs.size())
                        .distinct()
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" or ")),
                        all.size() == 1
                                ? "one comparison, which changes nothing"
                                : "the %d comparisons of this table".formatted(all.size()),
                        more);
    }

    private static String probability(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "= %.3f", p);
    }
}
