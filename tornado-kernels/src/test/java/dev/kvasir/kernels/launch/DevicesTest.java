package dev.kvasir.kernels.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DevicesTest {
    @Test
    void theFirstDeviceIsTheDefaultAndSaysWhatItCanHold() {
        Device first = Devices.all().get(0);

        assertThat(first.id()).isEqualTo("0:0");
        assertThat(first.name()).isNotBlank();
        assertThat(first.memory()).isPositive();
        assertThat(first.localMemory()).isGreaterThanOrEqualTo(16 << 10);
        assertThat(first.groupSize()).isBetween(128L, 65536L);
    }

    @Test
    void aDeviceIsNamedByItsIdOrByPartOfItsName() {
        Device first = Devices.all().get(0);

        assertThat(Devices.named("0:0").name()).isEqualTo(first.name());
        assertThat(Devices.named(first.name().substring(1).toUpperCase(java.util.Locale.ROOT)).id()).isEqualTo("0:0");
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheDevices() {
        assertThatThrownBy(() -> Devices.named("7:3")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("no device 7:3", "0:0 " + Devices.all().get(0).name());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "libtornado-ptx.so: libcuda.so.1: cannot open shared object file | install the NVIDIA driver",
        "libtornado-opencl.so: libOpenCL.so.1: cannot open shared object file | ocl-icd-libopencl1",
        "[WARNING] No OpenCL platforms found. Deoptimizing to sequential execution. | pocl-opencl-icd",
        "something else | did not start (something else): see whether the SDK's command tornado"})
    void whatTheRuntimeMissedIsTurnedIntoWhatToDo(String told, String advice) {
        Throwable problem = new ExceptionInInitializerError(new IllegalStateException(new UnsatisfiedLinkError(told)));

        assertThat(DeviceException.ofStart(problem)).hasMessageContaining(advice).hasCause(problem);
    }
}
