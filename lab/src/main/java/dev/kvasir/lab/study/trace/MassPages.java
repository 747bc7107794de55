package dev.kvasir.lab.study.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The smallest number of pages that carry most of the attention mass (the paper's figure 3), by layer. */
public final class MassPages {
    private MassPages() {}

    /**
     * One decode step of one layer, as the mean over its selection groups.
     *
     * @param pages number of all pages
     * @param carrying the smallest number of pages that together carry each share, {@code [shares]}
     */
    public record Sample(int layer, int step, int pages, double[] carrying) {}

    /** Every decode step of every layer. */
    public static List<Sample> of(AttentionTrace trace, int groups, int pageSize, double[] shares) {
        var exact = new PageAttention(trace, groups, pageSize);
        List<Sample> samples = new ArrayList<>();
        for (int layer = 0; layer < trace.shape().layers(); layer++) {
            for (int step = 1; step <= trace.steps(); step++) {
                double[] carrying = new double[shares.length];
                for (int group = 0; group < groups; group++) {
                    exact.compute(layer, step, group);
                    for (int i = 0; i < shares.length; i++) {
                        carrying[i] += (double) carrying(exact, shares[i]) / groups;
                    }
                }
                samples.add(new Sample(layer, step, exact.pages(), carrying));
            }
        }
        return samples;
    }

    /** The smallest number of pages that together carry a share of the whole mass. */
    static int carrying(PageAttention attention, double share) {
        double[] masses = new double[attention.pages()];
        double all = 0;
        for (int page = 0; page < masses.length; page++) {
            masses[page] = attention.mass(page);
            all += masses[page];
        }
        Arrays.sort(masses);
        double carried = 0;
        int count = 0;
        while (count < masses.length && carried < share * all) {
            carried += masses[masses.length - ++count];
        }
        return count;
    }
}
