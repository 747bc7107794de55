package dev.kvasir.runner.command;

import dev.kvasir.kernels.tornado.Device;
import dev.kvasir.kernels.tornado.Devices;
import dev.kvasir.launch.TornadoSdk;
import dev.kvasir.runner.option.ByteSize;
import dev.kvasir.runner.report.Table;
import dev.kvasir.runner.report.Table.Lean;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the devices of TornadoVM. */
@Command(name = "devices", description = {"Lists the devices that TornadoVM can use, the default first, or says what "
        + "is missing.%n",
    "  kvasir devices", "  kvasir run --engine tornado --device 0:1 -p \"ROMEO:\""})
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;

    @Override
    public Integer call() {
        TornadoSdk sdk = Tornado.required(root.surroundings());
        List<Device> devices = Devices.all();
        Table table = new Table().column("device", Lean.LEFT)
                .column("backend", Lean.LEFT)
                .column("name", Lean.LEFT)
                .column("memory", Lean.RIGHT)
                .column("local", Lean.RIGHT)
                .column("work-group", Lean.RIGHT)
                .column("f16", Lean.LEFT);
        for (Device device : devices) {
            table.row(device.id(), device.backend(), device.name(), ByteSize.readable(device.memory()),
                    ByteSize.readable(device.localMemory()), Long.toString(device.groupSize()),
                    device.half() ? "yes" : "no");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("TornadoVM %s in %s%n%s", sdk.version(), sdk.home(), table);
        out.flush();
        return 0;
    }
}
