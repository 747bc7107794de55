package dev.kvasir.runner.command;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.Presets;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.runner.option.CacheFlags;
import dev.kvasir.runner.option.PolicyPathFlag;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private PolicyPathFlag policyPath;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        String chosen = name;
        if (chosen == null) {
            Listing list = new Listing().row("policy", "keeps", "what it does");
            Policies.all().forEach(policy -> list.row(policy.name(), kept(policy), policy.card().summary()));
            out.print(list);
        } else {
            print(Usage.of(spec, () -> CacheFlags.policy(chosen)), out);
        }
        out.flush();
        return 0;
    }

    private static String kept(CachePolicy policy) {
        return switch (policy) {
            case PagePolicy pages -> "pages";
            case TokenPolicy tokens -> "tokens";
        };
    }

    private static void print(CachePolicy policy, PrintWriter out) {
        PolicyCard card = policy.card();
        out.printf("%s: %s%n", card.name(), card.summary());
        if (!card.paper().isEmpty()) {
            out.println(card.paper());
        }
        if (!card.formula().isEmpty()) {
            out.printf("%n%s%n%n", card.formula().indent(2).stripTrailing());
        }
        String presets = presets(policy.presets());
        if (!presets.isEmpty()) {
            out.printf("Unless given: %s%n", presets);
        }
        if (card.options().isEmpty()) {
            out.println("It has no --policy-opt of its own.");
        } else {
            Listing list = new Listing().row("--policy-opt", "meaning");
            new TreeMap<>(card.options()).forEach(list::row);
            out.print(list);
        }
    }

    /** The flags whose defaults are others under this policy. */
    private static String presets(Presets own) {
        Presets usual = Presets.USUAL;
        var changed = new ArrayList<String>();
        preset(changed, "--sink", usual.sinkPages(), own.sinkPages());
        preset(changed, "--window", usual.windowPages(), own.windowPages());
        preset(changed, "--digest", usual.digest(), own.digest());
        preset(changed, "--groups", usual.groups(), own.groups());
        preset(changed, "--attend", usual.attend(), own.attend());
        return String.join(" ", changed);
    }

    private static void preset(List<String> changed, String flag, Object usual, Object own) {
        if (!usual.equals(own)) {
            changed.add(flag + " " + own.toString().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }
}
