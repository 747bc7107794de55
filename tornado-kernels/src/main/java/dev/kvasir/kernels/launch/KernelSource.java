package dev.kvasir.kernels.launch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Has TornadoVM compile a kernel and brings what it made of it: PTX, OpenCL C or CUDA C. */
public final class KernelSource {
    private KernelSource() {}

    /**
     * The code of {@code sample} for {@code device}. It is not run. TornadoVM hands its code to nobody and only prints it,
     * so {@code System.out} is caught meanwhile: for the use of programs that do nothing else at the time.
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
