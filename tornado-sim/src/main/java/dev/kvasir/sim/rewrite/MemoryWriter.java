package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.run.Atomics;
import dev.kvasir.sim.run.CheckedJavaArrays;
import dev.kvasir.sim.run.CheckedMath;
import dev.kvasir.sim.run.CheckedNativeArrays;
import dev.kvasir.sim.run.MatrixUnits;
import dev.kvasir.sim.run.PrivateMemory;
import dev.kvasir.sim.run.Site;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rewrites accesses to memory. With checks on, each becomes a call with the work-item and the place as arguments. */
final class MemoryWriter {
    private static final ClassDesc ATOMICS = of(Atomics.class);
    private static final ClassDesc NATIVE = of(CheckedNativeArrays.class);
    private static final ClassDesc JAVA = of(CheckedJavaArrays.class);
    private static final ClassDesc MATH = of(CheckedMath.class);
    private static final ClassDesc MATRIX_UNITS = of(MatrixUnits.class);
    private static final ClassDesc PRIVATE = of(PrivateMemory.class);
    private static final ClassDesc HALF = ClassDesc.ofInternalName(ApiNames.HALF);

    private static final Map<TypeKind, String> NEW_ARRAYS = Map.of(TypeKind.FLOAT, "floats", TypeKind.INT, "ints",
            TypeKind.LONG, "longs", TypeKind.DOUBLE, "doubles", TypeKind.BYTE, "bytes");

    private final boolean checks;
    private final List<Site> sites = new ArrayList<>();

    MemoryWriter(boolean checks) {
        this.checks = checks;
    }

    private static ClassDesc of(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    /** The places of checked code, in the order of their numbers. */
    List<Site> sites() {
        return sites;
    }

    /**
     * Replaces an access to a Java array, its creation, or an operation on integers; returns false if there is nothing
     * to replace.
     *
     * @param at the instruction's number in its method
     */
    boolean write(CodeBuilder to, Instruction instruction, int itemSlot, BodyWriter body, int at) {
        if (instruction instanceof NewPrimitiveArrayInstruction array) {
            return newArray(to, array.typeKind());
        }
        if (!checks) {
            return false;
        }
        switch (instruction) {
            case ArrayLoadInstruction load -> {
                ClassDesc type = element(load.typeKind());
                call(to, JAVA, "load", MethodTypeDesc.of(type, type.arrayType(), ConstantDescs.CD_int), itemSlot,
                        body.site("load"));
            }
            case ArrayStoreInstruction store -> {
                ClassDesc type = element(store.typeKind());
                call(to, JAVA, "store", MethodTypeDesc.of(ConstantDescs.CD_void, type.arrayType(), ConstantDescs.CD_int,
                        type), itemSlot, body.site("store"));
            }
            case OperatorInstruction operator -> {
                return operator(to, operator, itemSlot, body, at);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean newArray(CodeBuilder to, TypeKind kind) {
        String method = NEW_ARRAYS.get(kind);
        if (method == null) {
            return false;
        }
        to.invokestatic(PRIVATE, method, MethodTypeDesc.of(kind.upperBound().arrayType(), ConstantDescs.CD_int));
        return true;
    }

    private static ClassDesc element(TypeKind kind) {
        return kind == TypeKind.REFERENCE ? HALF : kind.upperBound();
    }

    private boolean operator(CodeBuilder to, OperatorInstruction operator, int itemSlot, BodyWriter body, int at) {
        ClassDesc type = operator.typeKind().upperBound();
        MethodTypeDesc method = MethodTypeDesc.of(type, type, ConstantDescs.CD_int);
        String name = switch (operator.opcode()) {
            case ISHR, LSHR -> "shr";
            case IUSHR, LUSHR -> "ushr";
            case IDIV -> body.isConstant(at - 1) ? "div" : "";
            case IREM -> body.isConstant(at - 1) ? "rem" : "";
            default -> "";
        };
        if (name.isEmpty()) {
            return false;
        }
        if (name.endsWith("shr")) {
            to.loadConstant(body.usedBits(at, 32 * operator.typeKind().slotSize()));
            method = method.insertParameterTypes(2, ConstantDescs.CD_int);
        }
        call(to, MATH, name, method, itemSlot, body.site(name));
        return true;
    }

    /** Replaces an access to a native array; returns false if there is nothing to replace. */
    boolean call(CodeBuilder to, InvokeInstruction call, int itemSlot, BodyWriter body) {
        String name = call.name().stringValue();
        if (!checks || name.equals("getSize")) {
            return false;
        }
        ClassDesc array = call.owner().asSymbol();
        call(to, NATIVE, name, call.typeSymbol().insertParameterTypes(0, array), itemSlot, body.site(name));
        return true;
    }

    /** Replaces an atomic addition. */
    void atomic(CodeBuilder to, InvokeInstruction call, int itemSlot, BodyWriter body) {
        MethodTypeDesc type = call.typeSymbol().insertParameterTypes(0, ApiNames.CONTEXT_TYPE);
        if (checks) {
            call(to, NATIVE, "add", type, itemSlot, body.site("atomicAdd"));
        } else {
            to.invokestatic(ATOMICS, "add", type);
        }
    }

    /** Replaces an operation of a matrix unit. */
    void matrixUnit(CodeBuilder to, InvokeInstruction call, int itemSlot, BodyWriter body) {
        String name = call.name().stringValue();
        MethodTypeDesc type = call.typeSymbol().insertParameterTypes(0, ApiNames.CONTEXT_TYPE);
        call(to, MATRIX_UNITS, name, type, itemSlot, body.site(name));
    }

    private void call(CodeBuilder to, ClassDesc owner, String name, MethodTypeDesc type, int itemSlot, Site site) {
        to.aload(itemSlot);
        to.loadConstant(sites.size());
        sites.add(site);
        to.invokestatic(owner, name,
                type.insertParameterTypes(type.parameterCount(), KernelWriter.ITEM, ConstantDescs.CD_int));
    }
}
