package dev.kvasir.runner.command;

import dev.kvasir.model.gguf.WriteProgress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar for the writing of a model. */
final class WriteBar implements WriteProgress, AutoCloseable {
    private static final long MIB = 1 << 20;

    private final @Nullable ProgressBar bar;

    WriteBar(boolean shown) {
        bar = shown
                ? new ProgressBarBuilder().setUnit(" MiB", MIB)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err, Bars.WIDTH))
                        .build()
                : null;
    }

    @Override
    public void written(String tensor, long bytes, long totalBytes) {
        if (bar != null) {
            bar.maxHint(totalBytes);
            bar.stepTo(bytes);
            bar.setExtraMessage(tensor);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
