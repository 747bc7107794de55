package dev.kvasir.kernels.launch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * The code that TornadoVM generates from a kernel: PTX, OpenCL C or CUDA C.
 *
 * <p>TornadoVM's API does not return generated code. It only prints it, so {@link #of} replaces {@code System.out} while
 * TornadoVM compiles. Nothing else may print at that time. A kernel is also compiled for the device that is there, and the
 * API has no option for another compute capability, so {@link #withTarget} replaces the target in the text.
 */
public final class KernelSource {
    private KernelSource() {}

    /**
     * The code of {@code sample} for {@code device}. The kernel is not run.
     *
     * @throws DeviceException if TornadoVM rejects the kernel
     */
    public static String of(KernelSample sample, Device device) {
        PrintStream stdout = System.out;
        var printed = new ByteArrayOutputStream();
        try (var capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            compile(sample, device);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (TornadoExecutionPlanException | RuntimeException | Error e) { // its internal errors are Errors
            throw new DeviceException("TornadoVM does not compile %s for %s: %s".formatted(sample.name(), device.name(),
                    firstLine(e)), e);
        } finally {
            System.setOut(stdout);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /**
     * PTX for another compute capability.
     *
     * @param capability 80 for 8.0
     */
    public static String withTarget(String ptx, int capability) {
        return ptx.replaceFirst("(?m)^\\.target sm_\\d+", ".target sm_" + capability);
    }

    private static void compile(KernelSample sample, Device device) throws TornadoExecutionPlanException {
        var graph = new TaskGraph("sample");
        var grids = new GridScheduler();
        sample.addTo(new TaskList(graph, grids, new KernelContext()), device.half());
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withDevice(device.tornado()).withGridScheduler(grids).withPrintKernel().withPreCompilation();
        }
    }

    private static String firstLine(Throwable e) {
        String plain = String.valueOf(e.getMessage()).replaceAll("\u001B\\[\\d*m", "");
        return plain.lines().findFirst().orElse("");
    }
}
