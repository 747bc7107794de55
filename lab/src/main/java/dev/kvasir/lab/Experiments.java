package dev.kvasir.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The experiments there are: those that {@code META-INF/services} names on the class path. */
public final class Experiments {
    private Experiments() {}

    /** All of them, in the order in which they are named; of two with one name, the first. */
    public static List<Experiment> all() {
        List<Experiment> experiments = new ArrayList<>();
        for (Experiment experiment : ServiceLoader.load(Experiment.class)) {
            if (experiments.stream().noneMatch(known -> known.name().equals(experiment.name()))) {
                experiments.add(experiment);
            }
        }
        return experiments;
    }
}
