package dev.kvasir.runner.command;

import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.launch.NoTornadoException;
import dev.kvasir.launch.TornadoSdk;
import dev.kvasir.model.FailureException;
import dev.kvasir.runner.terminal.ProcessContext;

/** The check of commands that run on TornadoVM. */
final class Tornado {
    private Tornado() {}

    /**
     * The SDK that this JVM was started with.
     *
     * @throws FailureException if there is none, or the JVM was started without its options
     */
    static TornadoSdk required(ProcessContext process) {
        try {
            TornadoSdk sdk = TornadoSdk.in(process.environment());
            if (!Devices.areReal()) {
                throw new FailureException(
                        "this JVM was started without the options of TornadoVM %s: start it as java -jar runner.jar, or with @%s in front"
                                .formatted(sdk.version(), sdk.argfile()));
            }
            return sdk;
        } catch (NoTornadoException e) {
            throw new FailureException(e.sentence(), e);
        }
    }
}
