package dev.kvasir.kernels.catalog;

import dev.kvasir.kernels.launch.Device;
import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.KernelSource;
import dev.kvasir.kernels.launch.TaskList;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class KernelCatalogTest {
    private static final Path CLASSES = Path.of("target", "classes");

    @Test
    void everyClassWithAKernelHasASample() throws Exception {
        List<String> sampled = KernelCatalog.all().stream().map(sample -> sample.name().split("\\.")[0]).toList();

        assertThat(kernelClasses()).isNotEmpty().allSatisfy(name -> assertThat(sampled).contains(name));
    }

    private static List<String> kernelClasses() throws IOException, ClassNotFoundException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(path -> path.toString().matches(".*/tornado/[^$]*\\.class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                String folder = CLASSES.relativize(file.getParent()).toString().replace('/', '.');
                Class<?> type = Class.forName(folder + "." + name);
                if (Arrays.stream(type.getDeclaredMethods()).anyMatch(KernelCatalogTest::isKernel)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private static boolean isKernel(Method method) {
        return Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers())
                && method.getReturnType() == void.class && method.getParameterCount() > 0
                && method.getParameterTypes()[0] == KernelContext.class;
    }

    @Test
    void namesAreUniqueAndSelectAKernelOrAFamily() {
        assertThat(KernelCatalog.all()).extracting(KernelSample::name).doesNotHaveDuplicates();
        assertThat(KernelCatalog.named("matvec.q8_0")).hasSize(1);
        assertThat(KernelCatalog.named("MatVec")).hasSize(4);
        assertThatThrownBy(() -> KernelCatalog.named("MatV")).hasMessageContainingAll("no kernel MatV", "MatVec.q8_0");
    }

    @TestFactory
    Stream<DynamicTest> everySampleIsATaskWithALaunchShape() {
        return samplesFor(Devices.all().get(0)).map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
            var graph = new TaskGraph("g");
            var grids = new GridScheduler();
            sample.addTo(new TaskList(graph, grids, new KernelContext()), true);

            assertThat(grids.contains("g", KernelSample.TASK)).isTrue();
        }));
    }

    private static Stream<KernelSample> samplesFor(Device device) {
        return KernelCatalog.all().stream().filter(sample -> device.half() || !sample.needsHalf());
    }

    @TestFactory
    Stream<DynamicTest> tornadoVmCompilesEverySample() {
        assumeTrue(Devices.areReal(), "needs a real TornadoVM");
        Device device = Devices.all().get(0);
        return samplesFor(device).map(sample -> DynamicTest.dynamicTest(sample.name(),
                () -> assertThat(KernelSource.of(sample, device).toLowerCase(Locale.ROOT)).contains("kernel")));
    }
}
