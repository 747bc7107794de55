package dev.kvasir.lab.task;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.compare.Measures;
import dev.kvasir.lab.compare.RetrievalSections;
import dev.kvasir.lab.compare.Score;
import dev.kvasir.model.Session;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The distance of a policy's logits from those of {@code full}, step by step along one forced text. */
public final class FidelityExperiment implements Experiment {
    private static final Score DIVERGENCE = new Score("divergence",
            Axis.fromZero("Kullback-Leibler divergence from full attention", "nats"), Score.Kind.NUMBER,
            Score.Better.LOWER, 4);
    private static final Score AGREEMENT = new Score("agreement", Axis.share("same most likely token"),
            Score.Kind.SHARE, Score.Better.HIGHER, 0);
    private static final Score DISTANCE = new Score("distance",
            Axis.fromZero("relative L2 distance of the logits", ""), Score.Kind.NUMBER, Score.Better.LOWER, 3);

    @Override
    public String name() {
        return "fidelity";
    }

    @Override
    public String summary() {
        return "distance of logits from those of full attention along a text, by budget and policy";
    }

    @Override
    public String reproduces() {
        return "nothing in the paper; it is the finest measure of the loss of a cache";
    }

    @Override
    public String quickTime() {
        return "about 15 s";
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(List.of(Parameters.kv("streaming-llm,h2o,tova,quest,arkvale"),
                Parameters.budget("128,256,512").quick("256"), Parameters.pageSize("16"), Parameters.digest("")));
        parameters.addAll(ForcedText.parameters());
        return parameters;
    }

    @Override
    public List<Cell> cells(Settings settings) {
        return ForcedText.cells(settings);
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        ForcedText text = ForcedText.of(cell, lab);
        CacheOptions options = cell.cache();
        CacheOptions full = options.toBuilder()
                .policy(CacheOptions.FULL.policy())
                .budget(Budget.UNLIMITED)
                .policyOptions(Map.of())
                .build();
        try (var place = lab.place(options, text.length(), CacheEvents.NONE);
                var control = lab.place(full, text.length(), CacheEvents.NONE)) {
            lab.checkStopped();
            Session session = place.session();
            control.session().prefill(text.prompt());
            session.prefill(text.prompt());
            double divergence = 0;
            double distance = 0;
            int agreements = 0;
            // the logits after the prompt are those of full attention, so the comparison starts with the first step
            for (int token : text.forced()) {
                lab.checkStopped();
                float[] expected = control.session().step(token);
                float[] logits = session.step(token);
                divergence += Logits.divergence(Logits.logProbabilities(expected), Logits.logProbabilities(logits));
                distance += Logits.relativeDistance(expected, logits);
                agreements += mostLikely(expected) == mostLikely(logits) ? 1 : 0;
            }
            double steps = text.forced().length;
            return List.of(Measures.with(Row.empty(), place.cache().stats())
                    .with("divergence", divergence / steps)
                    .with("agreement", agreements / steps)
                    .with("distance", distance / steps)
                    .with("compared_tokens", text.forced().length));
        }
    }

    private static int mostLikely(float[] logits) {
        return Sampler.mostLikely(logits, 0, logits.length);
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        for (Score score : List.of(DIVERGENCE, AGREEMENT, DISTANCE)) {
            for (ReportSection section : RetrievalSections.over(results, "length", "a text of %s tokens", score, "")) {
                sections.add(new ReportSection("%s, %s".formatted(score.axis().label(), section.title()),
                        section.text(), section.findings(), section.figures()));
            }
        }
        return sections;
    }
}
