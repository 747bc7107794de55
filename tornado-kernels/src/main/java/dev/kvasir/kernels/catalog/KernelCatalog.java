package dev.kvasir.kernels.catalog;

import dev.kvasir.kernels.attention.tornado.CausalAttention;
import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.attention.tornado.ladder.CausalAttention1Naive;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention1Naive;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention2Group;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention3Split;
import dev.kvasir.kernels.choice.tornado.Argmax;
import dev.kvasir.kernels.choice.tornado.Sampling;
import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.choice.tornado.ladder.TopK1ArgMax;
import dev.kvasir.kernels.choice.tornado.ladder.TopK2Rank;
import dev.kvasir.kernels.digest.tornado.CornerScore;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.matrix.tornado.MatMul;
import dev.kvasir.kernels.matrix.tornado.MatMulUnits;
import dev.kvasir.kernels.matrix.tornado.MatVec;
import dev.kvasir.kernels.matrix.tornado.MatVecQkv;
import dev.kvasir.kernels.matrix.tornado.MatVecSwiGlu;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec1Naive;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec2Group;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kernels.page.tornado.PageGather;
import dev.kvasir.kernels.page.tornado.PageScatter;
import dev.kvasir.kernels.rows.tornado.Add;
import dev.kvasir.kernels.rows.tornado.Embedding;
import dev.kvasir.kernels.rows.tornado.RmsNorm;
import dev.kvasir.kernels.rows.tornado.Rope;
import dev.kvasir.kernels.rows.tornado.SwiGlu;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every kernel with sample arguments, to compile each on its own: for its code, or for the registers that an assembler
 * counts.
 */
public final class KernelCatalog {
    private KernelCatalog() {}

    /** All samples. */
    public static List<KernelSample> all() {
        return Stream.of(Embedding.samples(), MatVec.samples(), MatVecQkv.samples(), MatVecSwiGlu.samples(),
                MatVec1Naive.samples(), MatVec2Group.samples(), MatMul.samples(), MatMulUnits.samples(),
                RmsNorm.samples(), Rope.samples(), SwiGlu.samples(), Add.samples(), Argmax.samples(),
                Sampling.samples(), PagedAttention.samples(), PagedAttention1Naive.samples(),
                PagedAttention2Group.samples(), PagedAttention3Split.samples(), CausalAttention.samples(),
                CausalAttention1Naive.samples(), PageAppend.samples(), PageGather.samples(), PageScatter.samples(),
                PageDigest.samples(), DigestScore.samples(), CornerScore.samples(), TopK.samples(),
                TopK1ArgMax.samples(), TopK2Rank.samples()).flatMap(List::stream).toList();
    }

    /**
     * The samples whose name is {@code name} or begins with it and a dot, in any case of letters.
     *
     * @throws IllegalArgumentException if there are none: the message lists the kernels
     */
    public static List<KernelSample> named(String name) {
        List<KernelSample> found = all().stream()
                .filter(sample -> (sample.name() + ".").regionMatches(true, 0, name + ".", 0, name.length() + 1))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no kernel %s; choose from %s".formatted(name,
                    String.join(", ", all().stream().map(KernelSample::name).toList())));
        }
        return found;
    }
}
