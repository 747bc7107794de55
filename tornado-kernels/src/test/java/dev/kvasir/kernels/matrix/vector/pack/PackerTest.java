package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class PackerTest {

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0"})
    void wholeGroupsArePackedAsTheirRowsOneByOneAre(TensorType type) {
        for (int cols : new int[]{32, 256, 288, 544}) {
            Matrix source = Samples.matrix(type, 71, cols, new Random(cols));
            try (var workers = new Workers(1); PackedMatrix packed = PackedMatrix.pack(source, workers)) {
                byte[] together = packed.contents().toArray(ValueLayout.JAVA_BYTE);
                float[] units = packed.scaleUnits();
                packed.packed().fill((byte) 0);
                var packer = new Packer(packed, Objects.requireNonNull(packed.layout()));
                for (int group = 0; group < packed.groups(); group++) {
                    assertThat(packer.pack(group, false)).isEqualTo(units[group]);
                }
                assertThat(packed.contents().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(together);
            }
        }
    }
}
