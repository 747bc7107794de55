package dev.kvasir.kvcache.transfer;

/** How pages travel between the frames of a device that runs graphs and the host store. */
public enum PageCopies {
    /** Through staging arrays that travel with the graphs: on every backend. */
    STAGED,
    /** By the driver's own asynchronous copies, on a stream beside that of the kernels: on PTX and CUDA. */
    STREAM
}
