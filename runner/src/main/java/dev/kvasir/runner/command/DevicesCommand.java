package dev.kvasir.runner.command;

import dev.kvasir.kernels.launch.Device;
import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.launch.TornadoSdk;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.Table;
import dev.kvasir.report.Table.Align;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the devices of TornadoVM. */
@Command(name = "devices", description = {"Lists the devices that TornadoVM can use, or what is missing.", "",
    "The default comes first.", "",
    "  kvasir devices", "  kvasir run --engine tornado --device 0:1 -p \"ROMEO:\""})
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;

    @Override
    public Integer call() {
        TornadoSdk sdk = Tornado.required(root.process());
        List<Device> devices = Devices.all();
        Table table = new Table().column("device", Align.LEFT)
                .column("backend", Align.LEFT)
                .column("name", Align.LEFT)
                .column("memory", Align.RIGHT)
                .column("local", Align.RIGHT)
                .column("work-group", Align.RIGHT)
                .column("f16", Align.LEFT);
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
