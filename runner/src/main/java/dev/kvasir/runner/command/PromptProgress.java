package dev.kvasir.runner.command;

import dev.kvasir.model.PromptStoppedException;
import dev.kvasir.model.transformer.PromptWatch;
import dev.kvasir.runner.terminal.ProgressLine;
import java.util.function.BooleanSupplier;

/** Shows the progress of a prompt, and ends it when the user wants to stop. */
record PromptProgress(ProgressLine line, BooleanSupplier isStopped) implements PromptWatch {
    @Override
    public void read(long done, long total) {
        check(done, total);
        line.show(done, total, "of the prompt read");
    }

    private void check(long done, long total) {
        if (isStopped.getAsBoolean()) {
            throw new PromptStoppedException(done, total);
        }
    }

    /** Ends a question or an answer when the user wants to stop; called before each of its tokens. */
    void checkToken() {
        check(1, 1);
    }
}
