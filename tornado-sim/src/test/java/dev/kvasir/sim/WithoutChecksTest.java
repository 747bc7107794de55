package dev.kvasir.sim;

import dev.kvasir.sim.KernelFault.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Without checks kernels compute the same results, and faults that would stop a device are still found. */
final class WithoutChecksTest {

    @BeforeEach
    void switchOff() {
        System.setProperty(SimOptions.CHECKS, "off");
    }

    @AfterEach
    void switchOn() {
        System.clearProperty(SimOptions.CHECKS);
    }

    @Test
    void correctKernelsComputeTheSame() {
        var kernels = new CorrectKernelsTest();
        kernels.parallelLoopComputesEveryElement();
        kernels.reductionInLocalMemorySeesAllWorkItems();
        kernels.tiledTransposeMovesEveryElement();
        kernels.helperThatWaitsMayStandInsideAnExpression();
        kernels.everythingThatIsStillNeededSurvivesABarrier();
        kernels.atomicAdditionsToGlobalMemoryAllCount();
    }

    @Test
    void indexOutsideAnArrayNamesKernelLineAndWorkItem() {
        assertThatThrownBy(() -> run(FaultyKernels::readsBeyondGlobal))
                .isInstanceOfSatisfying(KernelFault.class,
                        fault -> assertThat(fault.kind()).isEqualTo(Kind.OUT_OF_BOUNDS))
                .hasMessageContainingAll("FaultyKernels.readsBeyondGlobal at line", "global (31, 0, 0)");
    }

    @Test
    void divergentBarrierIsFound() {
        assertThatThrownBy(() -> run(FaultyKernels::barrierInBranch)).isInstanceOfSatisfying(KernelFault.class,
                fault -> assertThat(fault.kind()).isEqualTo(Kind.DIVERGENT_BARRIER));
    }

    @Test
    void racesAreNotLookedFor() {
        assertThat(run(FaultyKernels::allWriteOneLocal).get(0)).isNotNaN();
    }

    @Test
    void anotherValueOfThePropertyIsAnError() {
        System.setProperty(SimOptions.CHECKS, "some");
        assertThatThrownBy(SimOptions::fromProperties).hasMessageContaining("neither on nor off");
    }

    private static FloatArray run(Task3<KernelContext, FloatArray, FloatArray> kernel) {
        FloatArray x = CorrectKernelsTest.random(32);
        var y = new FloatArray(32);
        CorrectKernelsTest.run(CorrectKernelsTest.groups(32, 16),
                g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y)
                        .task("t", kernel, new KernelContext(), x, y)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        return y;
    }
}
