package dev.kvasir.model;

import dev.kvasir.model.MemoryPlan.Limits;
import dev.kvasir.model.MemoryPlan.Part;
import dev.kvasir.model.MemoryPlan.Place;
import dev.kvasir.model.config.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MemoryPlanTest {
    private static final long MIB = 1 << 20;
    private static final MemoryPlan PLAN = new MemoryPlan(List.of(
            new Part("weights", Place.NATIVE, 700 * MIB, "choose a smaller model"),
            new Part("KV host", Place.NATIVE, 0, "lower CacheOptions.hostMemory"),
            new Part("buffers", Place.HEAP, 300 * MIB, "lower contextTokens")));

    @Test
    void whatFitsExactlyPasses() {
        assertThatNoException().isThrownBy(() -> PLAN.check(new Limits(300 * MIB, 1000 * MIB)));
    }

    @Test
    void tooMuchForTheMachineNamesEveryPartAndWhatToLower() {
        assertThatThrownBy(() -> PLAN.check(new Limits(300 * MIB, 999 * MIB))).isInstanceOf(ModelException.class)
                .hasMessage("weights 700.0 MiB + KV host 0 bytes + buffers 300.0 MiB need 1000.0 MiB of memory, "
                        + "the machine has 999.0 MiB: choose a smaller model or lower contextTokens");
    }

    @Test
    void tooMuchForTheHeapNamesTheHeapsPartsAlone() {
        assertThatThrownBy(() -> PLAN.check(new Limits(299 * MIB, 1000 * MIB))).isInstanceOf(ModelException.class)
                .hasMessage(
                        "buffers 300.0 MiB need 300.0 MiB of heap, 299.0 MiB free: lower contextTokens, or raise -Xmx");
    }

    @Test
    void thisMachineHasSomeOfBoth() {
        assertThat(Limits.current().heap()).isPositive();
        assertThat(Limits.current().machine()).isGreaterThan(100 * MIB);
    }
}
