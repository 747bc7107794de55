package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.model.engine.EngineOptions;
import java.nio.file.Path;
import java.util.List;

/** Prints what each way into the library says in this JVM. */
final class PlainJvm {
    private PlainJvm() {}

    private interface Entry {
        AutoCloseable open() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        for (Entry entry : List.<Entry>of(() -> Model.load(file, EngineOptions.defaults()),
                () -> OpenModel.open(file, EngineOptions.defaults()),
                () -> new VectorKvDevice(new PageGeometry(16, 1, 8, KvType.F16), 1, new Workers(1)),
                () -> Model.load(file, EngineOptions.reference()))) {
            try (AutoCloseable _ = entry.open()) {
                System.out.println("open");
            } catch (Exception | LinkageError e) {
                System.out.println(e);
            }
        }
    }
}
