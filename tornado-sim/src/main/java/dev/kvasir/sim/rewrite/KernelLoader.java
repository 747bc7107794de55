package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.run.Kernel;

/** Loads the class made from one kernel, with the class loader of the kernel's own class as parent. */
final class KernelLoader extends ClassLoader {

    KernelLoader(ClassLoader kernels) {
        super(kernels);
    }

    Class<? extends Kernel> define(String name, byte[] bytes) {
        return defineClass(name, bytes, 0, bytes.length).asSubclass(Kernel.class);
    }
}
