package dev.kvasir.runner.option;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.lab.study.trace.AttentionTrace;
import dev.kvasir.lab.study.trace.RecordingCache;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.Model;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.runner.trace.AttentionArrays;
import dev.kvasir.runner.trace.PageArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The folder for pages and attention as NumPy arrays. */
public final class ExportFlags {
    @Option(names = "--export", paramLabel = "DIR", description = "write the states, choices and importance of all pages, and the attention of some steps, as .npy arrays")
    private @Nullable Path folder;

    @Option(names = "--export-steps", split = ",", paramLabel = "N", description = "steps whose attention --export writes; 0 is the end of the prompt (default: the last)")
    private List<Integer> steps = List.of();

    /**
     * Prepares the arrays of a run.
     *
     * @param maxTokens tokens of the run, at most
     * @throws FailureException if the engine or the memory does not permit it, or the folder cannot be made
     */
    public Export open(Model model, int maxTokens) {
        if (folder == null) {
            return new Export(null, List.of(), null, null);
        }
        EngineKind kind = model.options().kind();
        if (kind != EngineKind.VECTOR && kind != EngineKind.REFERENCE) {
            throw new FailureException(
                    "--export reads queries and keys, which the engine %s keeps on its device: use --engine vector"
                            .formatted(kind.optionName()));
        }
        var shape = model.config().cacheShape();
        long bytes = AttentionTrace.bytes(shape, maxTokens, maxTokens);
        if (bytes > Runtime.getRuntime().maxMemory() / 2) {
            throw new FailureException(
                    "--export needs %d MiB of heap for %d tokens: lower -n or the prompt, or raise -Xmx by KVASIR_JAVA_OPTS"
                            .formatted(bytes >> 20, maxTokens));
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new FailureException("--export %s: the folder cannot be made: name another one".formatted(folder), e);
        }
        return new Export(folder, steps, new PageArrays(shape.layers()),
                new AttentionTrace(shape, maxTokens, maxTokens));
    }

    /** The arrays while they are collected; without a folder nothing is. */
    public record Export(@Nullable Path folder, List<Integer> steps, @Nullable PageArrays pages,
            @Nullable AttentionTrace attention) {

        /** These listeners and that of the arrays. */
        public CacheEvents with(CacheEvents events) {
            return pages == null ? events : events.and(pages);
        }

        /** The cache, recorded. */
        public KvCache recorded(KvCache cache) {
            return attention == null ? cache : new RecordingCache(cache, attention);
        }

        /**
         * Writes the arrays.
         *
         * @throws FailureException if a step was not made, or they cannot be written
         */
        public void write() {
            if (folder == null || pages == null || attention == null) {
                return;
            }
            int last = attention.steps();
            List<Integer> made = steps.stream().filter(step -> step >= 0 && step <= last).toList();
            try {
                pages.write(folder);
                AttentionArrays.write(attention, steps.isEmpty() ? List.of(last) : made, folder);
            } catch (IOException e) {
                throw new FailureException("--export %s cannot be written (%s): make room or name another folder"
                        .formatted(folder, e.getMessage()), e);
            }
            if (made.size() < steps.size()) {
                throw new FailureException(
                        "--export-steps %s: the run made steps 0 to %d; all else is written".formatted(steps, last));
            }
        }
    }
}
