package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.run.Kernel;

/** Loads the class made of one kernel. It sees what the kernel's own class sees. */
final class KernelLoader extends ClassLoader {

    KernelLoader(ClassLoader kernels) {
        super(kernels);
    }

    Class<? extends Kernel> define(String name, byte[] bytes) {
        return defineClass(name, bytes, 0, bytes.length).asSubclass(Kernel.class);
    }
}
