package dev.kvasir.lab.task;

import dev.kvasir.kvcache.event.CacheEvents;
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
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import java.util.ArrayList;
import java.util.List;

/** Perplexity of a text under each policy and budget: the exponential of the mean negative log-likelihood a token. */
public final class PerplexityExperiment implements Experiment {
    private static final Score PERPLEXITY = new Score("perplexity", Axis.of("perplexity", ""), Score.Kind.NUMBER,
            Score.Better.LOWER, 2);

    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public String summary() {
        return "how well a text is predicted, by budget and policy";
    }

    @Override
    public String reproduces() {
        return "EasyKV's tables";
    }

    @Override
    public String quickTime() {
        return "about 10 s";
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(List.of(
                Parameters.kv("full,streaming-llm,h2o,tova,roco,arkvale"),
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
        try (var place = lab.place(cell.cache(), text.length(), CacheEvents.NONE)) {
            Session session = place.session();
            lab.checkStopped();
            float[] logits = session.prefill(text.prompt());
            double loss = 0;
            int[] forced = text.forced();
            for (int i = 0; i < forced.length; i++) {
                lab.checkStopped();
                loss -= Logits.logProbabilities(logits)[forced[i]];
                if (i + 1 < forced.length) {
                    logits = session.step(forced[i]);
                }
            }
            double mean = loss / forced.length;
            return List.of(Measures.with(Row.empty(), place.cache().stats())
                    .with("loss", mean)
                    .with("perplexity", Math.exp(mean))
                    .with("predicted_tokens", forced.length));
        }
    }

    @Override
    public List<ReportSection> sections(Results results) {
        return RetrievalSections.over(results, "length", "a text of %s tokens", PERPLEXITY,
                "Each part of the text has a perplexity over its last tokens. The number is the mean over the parts; lower is better.");
    }
}
