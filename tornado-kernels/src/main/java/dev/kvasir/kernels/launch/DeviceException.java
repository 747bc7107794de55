package dev.kvasir.kernels.launch;

import org.jspecify.annotations.Nullable;

/** No device can run kernels; the message is one sentence that names the remedy. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DeviceException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    /** For a runtime that did not start: the message names the missing library or driver. */
    static DeviceException ofStart(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String told = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String sentence;
        if (told.contains("libcuda.so")) {
            sentence = "TornadoVM's backend for NVIDIA devices did not find the driver's library libcuda.so.1: install the "
                    + "NVIDIA driver, or set TORNADOVM_HOME to an SDK with the OpenCL backend";
        } else if (told.contains("libOpenCL.so")) {
            sentence = "TornadoVM's OpenCL backend did not find libOpenCL.so.1: install an OpenCL loader (Debian: "
                    + "ocl-icd-libopencl1) and your device's OpenCL driver";
        } else if (told.contains("No OpenCL platforms")) {
            sentence = "TornadoVM found no OpenCL platform: install your device's OpenCL driver (for the CPU, Debian: "
                    + "pocl-opencl-icd)";
        } else {
            sentence = "TornadoVM did not start (%s): see whether the SDK's command tornado lists its devices"
                    .formatted(
                            told.strip());
        }
        return new DeviceException(sentence, problem);
    }
}
