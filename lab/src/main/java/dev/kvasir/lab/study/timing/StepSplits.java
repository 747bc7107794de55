package dev.kvasir.lab.study.timing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Collects the parts of decode steps and computes the typical step. */
public final class StepSplits {
    private final List<long[]> steps = new ArrayList<>(); // nanoseconds of each part

    /** One more step. */
    public void add(long[] split) {
        steps.add(split.clone());
    }

    /** Steps collected. */
    public int size() {
        return steps.size();
    }

    /**
     * The mean of the middle half of the steps, ordered by their whole time. Steps that other programs delayed are left
     * out, and the parts still add up.
     *
     * @return milliseconds of each part, by {@link StepPart#ordinal}
     * @throws IllegalStateException if there are no steps
     */
    public double[] typicalMillis() {
        if (steps.isEmpty()) {
            throw new IllegalStateException("no step was timed");
        }
        List<long[]> sorted = steps.stream()
                .sorted(Comparator.comparingLong(step -> Arrays.stream(step).sum()))
                .toList();
        int cut = sorted.size() / 4;
        List<long[]> middle = sorted.subList(cut, sorted.size() - cut);
        double[] mean = new double[StepPart.values().length];
        for (long[] step : middle) {
            for (int part = 0; part < mean.length; part++) {
                mean[part] += step[part] / 1e6 / middle.size();
            }
        }
        return mean;
    }
}
