package dev.kvasir.lab.study.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How few pages carry most of the attention mass (the paper's figure 3), by layer. */
public final class MassPages {
    private MassPages() {}

    /**
     * One decode step of one layer, mean of its selection groups.
     *
     * @param pages pages there are
     * @param carrying the fewest pages that together carry each of the shares asked for, {@code [shares]}
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

    /** The fewest pages that together carry a share of the mass of all. */
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
