package dev.kvasir.kernels.launch;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A device that kernels can run on.
 *
 * @param id {@code backend:device}, as TornadoVM numbers them
 * @param backend the language of compiled kernels: {@code OPENCL}, {@code PTX}, {@code CUDA}, …, {@code JAVA} in the simulator
 * @param memory bytes of device memory
 * @param localMemory bytes of local memory that a work-group can have
 * @param groupSize work-items that a work-group can have
 * @param half whether kernels on half-precision arrays run there
 * @param tornado the device for execution plans
 */
public record Device(String id, String backend, String name, long memory, long localMemory, long groupSize,
        boolean half, TornadoDevice tornado) {}
