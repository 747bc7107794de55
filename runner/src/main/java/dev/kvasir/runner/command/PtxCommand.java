package dev.kvasir.runner.command;

import dev.kvasir.kernels.catalog.KernelCatalog;
import dev.kvasir.kernels.launch.Device;
import dev.kvasir.kernels.launch.DeviceException;
import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.KernelSource;
import dev.kvasir.launch.TornadoSdk;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes the PTX that TornadoVM makes of kernels. */
@Command(name = "ptx", description = {
    "Writes the PTX that TornadoVM compiles from each kernel.",
    "One file a kernel, for shapes of a 1B model.", "",
    "  kvasir ptx --kernel PagedAttention --cc 80 -o ptx",
    "  ptxas -arch=sm_80 -v ptx/PagedAttention.d64.ptx -o /dev/null"})
final class PtxCommand implements Callable<Integer> {
    private static final String PTX = "PTX";

    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Option(names = "--kernel", paramLabel = "NAME", description = "only kernels of this name, such as MatVec or MatVec.q8_0 (default: all)")
    private @Nullable String kernel;
    @Option(names = "--cc", paramLabel = "NN", description = "compute capability of the target, 80 for an A100 (default: the device's)")
    private @Nullable Integer capability;
    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", description = "folder for the files, created if it does not exist", defaultValue = ".")
    private Path folder;
    @Option(names = "--device", paramLabel = "ID", description = "device to compile for, by id or part of its name (default: the first with the PTX backend)")
    private @Nullable String deviceName;

    @Override
    public Integer call() throws Exception {
        String name = kernel;
        List<KernelSample> samples = Usage.of(spec,
                () -> name == null ? KernelCatalog.all() : KernelCatalog.named(name));
        Integer cc = Usage.of(spec, () -> checked(capability));
        TornadoSdk sdk = Tornado.required(root.process());
        Device device = device(sdk);
        Files.createDirectories(folder);
        PrintWriter out = spec.commandLine().getOut();
        int rejected = 0;
        for (KernelSample sample : samples) {
            try {
                out.println(write(sample, device, cc));
            } catch (DeviceException e) {
                spec.commandLine().getErr().println(e.getMessage());
                rejected++;
            }
        }
        out.flush();
        if (rejected > 0) {
            throw new FailureException(
                    "TornadoVM %s rejects %d of %d kernels, named above: they are written for 5.2, use that version"
                            .formatted(sdk.version(), rejected, samples.size()));
        }
        return 0;
    }

    private Path write(KernelSample sample, Device device, @Nullable Integer cc) throws IOException {
        String code = KernelSource.of(sample, device);
        return Files.writeString(folder.resolve(sample.name() + ".ptx"),
                cc == null ? code : KernelSource.withTarget(code, cc));
    }

    private static @Nullable Integer checked(@Nullable Integer capability) {
        if (capability != null && (capability < 50 || capability > 129)) {
            throw new IllegalArgumentException(
                    "--cc %d is no compute capability: give 80 for 8.0".formatted(capability));
        }
        return capability;
    }

    private Device device(TornadoSdk sdk) throws Exception {
        String name = deviceName;
        if (name != null) {
            Device device = Usage.of(spec, () -> Devices.named(name));
            if (!device.backend().equals(PTX)) {
                throw new FailureException(
                        "device %s (%s) takes %s and no PTX: choose one with the PTX backend, `devices` lists them"
                                .formatted(device.id(), device.name(), device.backend()));
            }
            return device;
        }
        return Devices.all()
                .stream()
                .filter(device -> device.backend().equals(PTX))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        "TornadoVM %s in %s has no device with the PTX backend: set TORNADOVM_HOME to an SDK with it, such as 5.2.0-jdk25-ptx"
                                .formatted(sdk.version(), sdk.home())));
    }
}
