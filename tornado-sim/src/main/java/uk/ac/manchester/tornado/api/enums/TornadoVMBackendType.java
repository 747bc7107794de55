package uk.ac.manchester.tornado.api.enums;

/** The target language of kernels. */
public enum TornadoVMBackendType {
    /** OpenCL C. */
    OPENCL,
    /** PTX, NVIDIA's portable assembly. */
    PTX,
    /** SPIR-V. */
    SPIRV,
    /** Java; kernels are not compiled. */
    JAVA,
    /** A device that does not exist, for compilation only. */
    VIRTUAL
}
