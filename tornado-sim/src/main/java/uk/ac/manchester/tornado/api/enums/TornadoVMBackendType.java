package uk.ac.manchester.tornado.api.enums;

/** What kernels are compiled to. */
public enum TornadoVMBackendType {
    /** OpenCL C. */
    OPENCL,
    /** PTX, NVIDIA's portable assembly. */
    PTX,
    /** SPIR-V. */
    SPIRV,
    /** Nothing: Java. */
    JAVA,
    /** Nothing: compiled for a device that is not there. */
    VIRTUAL
}
