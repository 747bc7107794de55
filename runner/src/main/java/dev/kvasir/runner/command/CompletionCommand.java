package dev.kvasir.runner.command;

import dev.kvasir.runner.completion.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands, options and values in bash, zsh or fish. */
@Command(name = "completion", description = {"Prints a completion script for bash, zsh or fish.", "",
    "Write it to a file, so that a new shell need not start Java:", "",
    "  kvasir completion bash > ~/.local/share/bash-completion/completions/kvasir",
    "  kvasir completion zsh > ~/.zfunc/_kvasir  # a folder in $fpath",
    "  kvasir completion fish > ~/.config/fish/completions/kvasir.fish"})
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash, zsh or fish", defaultValue = "bash")
    private String shell;

    @Override
    public Integer call() throws Exception {
        Shell chosen = Usage.of(spec, () -> Shell.named(shell));
        spec.commandLine().getOut().print(chosen.script(spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
