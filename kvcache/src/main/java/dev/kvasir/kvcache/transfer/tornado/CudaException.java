package dev.kvasir.kvcache.transfer.tornado;

/** The CUDA driver refused a call. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CudaException(String function, int result) {
        super("%s failed with error %d of the CUDA driver: run nvidia-smi to see whether the device is well".formatted(
                function, result));
    }
}
