package dev.kvasir.runner.command;

import dev.kvasir.model.FailureException;
import dev.kvasir.report.pagemap.PageMapRun;
import dev.kvasir.report.pagemap.PageMapWriter;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.trace.TraceReader;
import dev.kvasir.runner.trace.TraceReader.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows a trace. */
@Command(name = "view", description = {"Shows a trace as one HTML page: the pages of the cache by steps.", "",
    "  kvasir run -p \"ROMEO:\" --kv arkvale --budget 256 --trace trace.jsonl",
    "  kvasir view trace.jsonl", "",
    "Open trace.html in a browser. It needs no network."})
final class ViewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Parameters(index = "0", paramLabel = "TRACE.jsonl", description = "the trace, as run, chat or demo wrote it with --trace; may be compressed by gzip")
    private Path source;
    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.html", description = "the page (default: beside the trace, with the ending .html)")
    private @Nullable Path output;
    @Mixin
    private Targets targets;
    @Mixin
    private VerbosityFlags verbosity;

    @Override
    public Integer call() throws IOException {
        Trace trace = TraceReader.read(source);
        Path target = output == null ? beside(source) : output;
        check(target);
        PrintWriter err = spec.commandLine().getErr();
        targets.check(target, root.process(), err);
        PageMapWriter.write("%s: pages by steps".formatted(source.getFileName()), trace.runs(), target);
        if (trace.cutAfter() >= 0) {
            err.printf("%s ends within a line: %s shows the %d lines before it%n", source, target, trace.cutAfter());
        }
        if (!verbosity.isQuiet()) {
            err.printf("%s shows %d events in %d steps: open it in a browser%n", target,
                    trace.runs().stream().mapToLong(run -> run.events().count()).sum(),
                    trace.runs().stream().map(PageMapRun::events).mapToLong(events -> events.lastStep()).sum());
        }
        return 0;
    }

    private static Path beside(Path trace) {
        String name = String.valueOf(trace.getFileName());
        return trace.resolveSibling(name.replaceFirst("(\\.jsonl?)?(\\.gz)?$", "") + ".html");
    }

    private void check(Path target) throws IOException {
        if (Files.exists(target) && Files.isSameFile(target, source)) {
            throw new FailureException("%s is the trace itself: name another file with -o".formatted(target));
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new FailureException("there is no folder %s: make it, or name another file with -o".formatted(
                    folder));
        }
    }
}
