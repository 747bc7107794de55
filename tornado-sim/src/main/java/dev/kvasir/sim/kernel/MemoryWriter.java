package dev.kvasir.sim.kernel;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;

/** Rewrites uses of memory: with checks on, each becomes a call that knows the work-item and the place. */
final class MemoryWriter {
    private static final ClassDesc ATOMICS = ClassDesc.ofDescriptor(Atomics.class.descriptorString());

    private final boolean checks;

    MemoryWriter(boolean checks) {
        this.checks = checks;
    }

    /** Writes the use of a Java array, or a shift or division; false if there is nothing to replace. */
    boolean write(CodeBuilder to, Instruction instruction, int itemSlot, BodyWriter body) {
        return false;
    }

    /** Writes the use of a native array; false if there is nothing to replace. */
    boolean call(CodeBuilder to, InvokeInstruction call, int itemSlot, BodyWriter body) {
        return false;
    }

    /** Writes an atomic addition. */
    void atomic(CodeBuilder to, InvokeInstruction call, int itemSlot, BodyWriter body) {
        to.invokestatic(ATOMICS, "add", call.typeSymbol().insertParameterTypes(0, ApiNames.CONTEXT_TYPE));
    }
}
