package dev.kvasir.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** All experiments, from the files {@code META-INF/services} on the class path. */
public final class Experiments {
    private Experiments() {}

    /** All experiments in the order of those files. If two have the same name, only the first counts. */
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
