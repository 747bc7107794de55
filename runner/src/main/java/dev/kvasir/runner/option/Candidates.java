package dev.kvasir.runner.option;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.transfer.PageCopies;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.runner.bench.BenchFill;
import dev.kvasir.runner.bench.BenchFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/** The values that an option can have, where they can be listed: for the completion of shells. */
public final class Candidates {
    private static final List<String> SWITCH = List.of("true", "false");
    private static final List<String> GROUPS = List.of("layer", "kv-head");

    private Candidates() {}

    /** The values of an option; empty if they cannot be listed. A flag has the same meaning in every command. */
    public static Collection<String> of(OptionSpec option) {
        if (option.typeInfo().getType() == BenchFormat.class) {
            return names(BenchFormat.class);
        }
        if (option.completionCandidates() != null && option.typeInfo().getType() == String.class) {
            var listed = new ArrayList<String>();
            option.completionCandidates().forEach(listed::add);
            return listed;
        }
        return switch (option.longestName()) {
            case "--kv" -> Policies.byName().keySet();
            case "--engine" -> Arrays.stream(EngineKind.values()).map(EngineKind::optionName).toList();
            case "--digest" -> names(DigestKind.class);
            case "--groups" -> GROUPS;
            case "--aggregate" -> names(HeadAggregation.class);
            case "--turnover" -> names(Turnover.class);
            case "--attend" -> names(Attend.class);
            case "--extend" -> names(Extend.class);
            case "--backup-type" -> names(BackupType.class);
            case "--kv-type" -> names(KvType.class);
            case "--page-copies" -> names(PageCopies.class);
            case "--activations" -> names(ActivationType.class);
            case "--fill" -> names(BenchFill.class);
            case "--type" -> Converters.written().keySet();
            case "--stream", "--echo" -> SWITCH;
            default -> List.of();
        };
    }

    private static <E extends Enum<E>> Collection<String> names(Class<E> type) {
        Map<String, E> names = Converters.names(type);
        return names.keySet();
    }
}
