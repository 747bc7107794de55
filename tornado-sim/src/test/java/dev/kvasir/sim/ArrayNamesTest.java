package dev.kvasir.sim;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What faults call arrays and files, by the options with which the kernel was compiled. */
final class ArrayNamesTest {
    private static final String SOURCE = """
            import uk.ac.manchester.tornado.api.*;
            import uk.ac.manchester.tornado.api.enums.DataTransferMode;
            import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

            class Other {
                static void race(KernelContext context, double factor, FloatArray x, FloatArray y) {
                    float[] first = context.allocateFloatLocalArray(16);
                    first[context.localIdx] = 1;
                    float[] tile = context.allocateFloatLocalArray(16);
                    tile[context.localIdx] = x.get(context.globalIdx);
                    y.set(context.globalIdx, tile[Math.max(context.localIdx - 1, 0)]);
                }

                static void beyondLocal(KernelContext context, double factor, FloatArray x, FloatArray y) {
                    float[] tile = context.allocateFloatLocalArray(16);
                    tile[context.localIdx + 1] = 1;
                    y.set(context.globalIdx, x.get(context.globalIdx));
                }

                static void beyond(KernelContext context, double factor, FloatArray x, FloatArray y) {
                    y.set(context.globalIdx + 1, x.get(context.globalIdx));
                }

                static void meet(KernelContext context, double factor, FloatArray x, FloatArray y) {
                    y.set(context.globalIdx / 2, x.get(context.globalIdx));
                }
            }

            public class Kernels implements java.util.function.Consumer<String> {
                public void accept(String kernel) {
                    var x = new FloatArray(32);
                    var y = new FloatArray(32);
                    var c = new KernelContext();
                    var grid = new WorkerGrid1D(32);
                    grid.setLocalWork(16, 1, 1);
                    var graph = new TaskGraph("g").transferToDevice(DataTransferMode.EVERY_EXECUTION, x);
                    switch (kernel) {
                        case "race" -> graph.task("t", Other::race, c, 1.0, x, y);
                        case "beyondLocal" -> graph.task("t", Other::beyondLocal, c, 1.0, x, y);
                        case "beyond" -> graph.task("t", Other::beyond, c, 1.0, x, y);
                        default -> graph.task("t", Other::meet, c, 1.0, x, y);
                    }
                    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, y);
                    try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
                        plan.withGridScheduler(new GridScheduler("g.t", grid)).execute();
                    } catch (uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            """;

    @TempDir
    private Path classes;

    private void expect(String kernel, String message, String... javacOptions) throws Exception {
        var file = new SimpleJavaFileObject(URI.create("string:///Kernels.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return SOURCE;
            }
        };
        List<String> options = new java.util.ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-cp",
                System.getProperty("java.class.path")));
        options.addAll(List.of(javacOptions));
        assertThat(ToolProvider.getSystemJavaCompiler().getTask(null, null, null, options, null, List.of(file)).call())
                .isTrue();
        try (var loader = new URLClassLoader(new URL[]{classes.toUri().toURL()}, getClass().getClassLoader())) {
            @SuppressWarnings("unchecked")
            var run = (java.util.function.Consumer<String>) loader.loadClass("Kernels")
                    .getConstructor()
                    .newInstance();
            assertThatThrownBy(() -> run.accept(kernel)).isInstanceOf(KernelFault.class).hasMessageContaining(message);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            race        | Other.race at Kernels.java:11 reads tile[0] of local memory, which
            beyondLocal | Other.beyondLocal at Kernels.java:16 uses tile[16] of a local array of 16
            beyond      | Other.beyond at Kernels.java:21 uses y[32] of a FloatArray of 32
            meet        | Other.meet at Kernels.java:25 writes y[0], which
            """)
    void arraysBearTheNamesOfTheClassFile(String kernel, String message) throws Exception {
        expect(kernel, message, "-g");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            race        | Other.race at Kernels.java:11 reads element 0 of its 2nd array of local memory, which
            beyondLocal | Other.beyondLocal at Kernels.java:16 uses element 16 of its 1st array, a local array of 16
            beyond      | Other.beyond at Kernels.java:21 uses element 32 of its 4th parameter, a FloatArray of 32
            meet        | Other.meet at Kernels.java:25 writes element 0 of its 4th parameter, which
            """)
    void arraysWithoutANameAreCounted(String kernel, String message) throws Exception {
        expect(kernel, message, "-g:source,lines");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            race | reads element 0 of its 2nd array
            meet | writes y[0], which
            """)
    void parametersBearTheirNamesAlone(String kernel, String message) throws Exception {
        expect(kernel, message, "-g:source,lines", "-parameters");
    }
}
