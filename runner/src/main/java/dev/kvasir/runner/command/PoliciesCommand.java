package dev.kvasir.runner.command;

import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.Policies;
import dev.kvasir.runner.option.PolicyFlag;
import dev.kvasir.runner.report.Table;
import dev.kvasir.runner.report.Table.Lean;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the cache policies. */
@Command(name = "policies", description = "Lists the cache policies, or the options of one.")
final class PoliciesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the policy whose options to list")
    private @Nullable String name;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        String chosen = name;
        if (chosen == null) {
            Table table = new Table().column("policy", Lean.LEFT).column("what it does", Lean.LEFT);
            Policies.all().forEach(policy -> table.row(policy.name(), policy.summary()));
            out.print(table);
        } else {
            CachePolicy policy = Usage.of(spec, () -> PolicyFlag.named(chosen));
            out.printf("%s: %s%n", policy.name(), policy.summary());
            if (policy.options().isEmpty()) {
                out.println("It has no --policy-opt of its own.");
            } else {
                Table table = new Table().column("--policy-opt", Lean.LEFT).column("meaning", Lean.LEFT);
                policy.options().forEach(table::row);
                out.print(table);
            }
        }
        out.flush();
        return 0;
    }
}
