package dev.kvasir.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static dev.kvasir.kernels.machine.Assembler.Memory.at;
import static dev.kvasir.kernels.machine.Assembler.Register.R8;
import static dev.kvasir.kernels.machine.Assembler.Register.R9;
import static dev.kvasir.kernels.machine.Assembler.Register.RCX;
import static dev.kvasir.kernels.machine.Assembler.Register.RDI;
import static dev.kvasir.kernels.machine.Assembler.Register.RDX;
import static dev.kvasir.kernels.machine.Assembler.Register.RSI;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class MachineCodeTest {

    @Test
    void argumentsArriveInOrder() {
        assumeTrue(MachineCode.hasTiles(), "this processor lacks AVX-512 or AMX");
        // d = a + b * c, of 16 * (m + n) floats
        var asm = new Assembler();
        asm.add(R8, R9);
        int next = asm.here();
        asm.vmovups(0, at(RDI));
        asm.vmovups(1, at(RSI));
        asm.vmovups(2, at(RDX));
        asm.vfmadd231ps(0, 1, 2);
        asm.vmovups(at(RCX), 0);
        for (var register : new Assembler.Register[]{RDI, RSI, RDX, RCX}) {
            asm.add(register, 64);
        }
        asm.decrement(R8);
        asm.jumpIfNotZero(next);
        asm.leave();
        MachineCode code = MachineCode.of("test", asm).orElseThrow();
        try (var arena = Arena.ofConfined()) {
            MemorySegment counting = arena.allocate(256, 64);
            for (int i = 0; i < 64; i++) {
                counting.setAtIndex(JAVA_FLOAT, i, i);
            }
            MemorySegment hundreds = MemorySegment.ofArray(filled(100));
            MemorySegment sums = arena.allocate(256, 64);
            code.call(MachineCode.address(counting, 0, 256), hundreds, MemorySegment.ofArray(filled(0.5f)),
                    MachineCode.address(sums, 0, 256), 1, 2);
            for (int i = 0; i < 64; i++) {
                assertThat(sums.getAtIndex(JAVA_FLOAT, i)).isEqualTo(i < 48 ? i + 50f : 0);
            }
        }
    }

    @Test
    void anAddressIsOnlyGivenOfMemoryThatIsThere() {
        try (var arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(256, 64);
            assertThat(MachineCode.address(memory, 64, 192)).isEqualTo(memory.address() + 64);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> MachineCode.address(memory, 64, 193));
        }
    }

    private static float[] filled(float value) {
        float[] values = new float[64];
        Arrays.fill(values, value);
        return values;
    }
}
