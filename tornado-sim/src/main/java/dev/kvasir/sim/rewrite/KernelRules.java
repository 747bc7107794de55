package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.KernelFault;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of TornadoVM's compilers: rejects instructions that they reject or compile wrongly. */
final class KernelRules {
    private static final Set<String> JAVA_CLASSES = Set.of("java/lang/Math", "java/lang/Integer", "java/lang/Float",
            "java/lang/Byte", "java/lang/Short", "java/lang/Long", "java/lang/Double", "java/lang/Character",
            "java/lang/Boolean");

    /** Rejected calls by {@code Class.method} or {@code Class.method(descriptor}, with a replacement. */
    private static final Map<String, String> REJECTED = Map.ofEntries(
            Map.entry("Math.fma", "write a * b + c"),
            Map.entry("Math.round", "write (int) TornadoMath.floor(x + 0.5f)"),
            Map.entry("Math.abs(I)I", "use TornadoMath.abs"),
            Map.entry("Float.floatToIntBits", "store the float in a FloatArray, not its bits"),
            Map.entry("Float.floatToFloat16", "use HalfFloat"),
            Map.entry("Float.float16ToFloat", "use HalfFloat, or decode the bits by integer arithmetic"),
            Map.entry("Integer.numberOfLeadingZeros", "count with a loop"),
            Map.entry("Integer.compareUnsigned", "compare non-negative values"),
            Map.entry("Integer.compare", "compare with < and >"),
            Map.entry("Float.compare", "compare with < and >"));

    /** Functions of OpenCL C with names that a kernel method may have. */
    private static final Set<String> OPENCL_FUNCTIONS = Set.of("select", "dot", "normalize", "mix", "clamp", "length",
            "distance", "cross", "step", "smoothstep", "sign", "min", "max", "abs", "exp", "log", "sqrt", "rsqrt",
            "pow", "sin", "cos", "tan", "tanh", "floor", "ceil", "round", "fma", "mad", "rotate", "shuffle", "any",
            "all",
            "barrier", "prefetch", "hypot", "degrees", "radians");

    private static final Set<String> ARRAY_METHODS = Set.of("get", "set", "getSize", "getHalf2", "setHalf2");

    private final String kernel;

    KernelRules(String kernel) {
        this.kernel = kernel;
    }

    /** Throws if the element at {@code at} violates a rule. */
    void check(SourceMethod method, List<CodeElement> elements, int at, int line) {
        String reason = switch (elements.get(at)) {
            case InvokeInstruction call -> call(call, elements, at);
            case InvokeDynamicInstruction _ ->
                "creates a lambda, a string or a switch over a pattern, which no device supports";
            case NewObjectInstruction object -> object.className().asInternalName().startsWith(ApiNames.API)
                    ? null
                    : "creates an object of " + object.className().asInternalName().replace('/', '.')
                            + ", which no device supports";
            case NewMultiArrayInstruction _ -> "creates an array of arrays: use one array and compute the index";
            case FieldInstruction field -> field(field);
            case ThrowInstruction _ -> "throws an exception, which no device supports";
            case ExceptionCatch _ -> "catches an exception, which no device supports";
            case MonitorInstruction _ -> "is synchronized: use a barrier";
            default -> null;
        };
        if (reason != null) {
            throw rejection(method, line, reason);
        }
    }

    private KernelFault rejection(SourceMethod method, int line, String reason) {
        return new KernelFault(KernelFault.Kind.REJECTED,
                "kernel " + kernel + " at " + method.place(line) + " " + reason);
    }

    /** Throws if a kernel has the name of a function of OpenCL C. */
    void checkName(String name) {
        if (OPENCL_FUNCTIONS.contains(name)) {
            throw new KernelFault(KernelFault.Kind.REJECTED,
                    "kernel " + kernel + " has the name of a function of OpenCL"
                            + " C, and its driver then finds no kernel: choose another name");
        }
    }

    /** Throws if the method passes a local array to a helper. */
    void checkCalls(SourceMethod method) {
        Origins.visit(method, (call, origins, line) -> {
            boolean helper = call.opcode() == Opcode.INVOKESTATIC && ApiNames.isHelper(call.owner().asInternalName());
            for (int origin : origins) {
                if (helper && origin == Origins.LOCAL) {
                    throw rejection(method, line, "passes a local array to " + call.name().stringValue()
                            + ", which TornadoVM compiles to wrong addresses: use local arrays in the kernel's own"
                            + " method");
                }
            }
        });
    }

    /** Throws if the kernel returns early and has a later barrier. */
    void checkReturns(SourceMethod method) {
        int line = 0;
        int returned = 0;
        for (CodeElement element : method.elements()) {
            switch (element) {
                case LineNumber number -> line = number.line();
                case ReturnInstruction _ -> returned = line;
                case InvokeInstruction call -> {
                    boolean waits = call.owner().asInternalName().equals(ApiNames.CONTEXT)
                            && ApiNames.isBarrier(call.name().stringValue());
                    if (waits && returned > 0) {
                        throw rejection(method, returned, "returns before the barrier at " + method.place(line)
                                + ": an OpenCL driver for CPUs then runs the group wrongly, even if the whole group returns;"
                                + " let idle groups pass the barriers and guard what they write");
                    }
                }
                default -> {
                    // Neither a return nor a barrier.
                }
            }
        }
    }

    private static @Nullable String call(InvokeInstruction call, List<CodeElement> elements, int at) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        String simple = owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
        if (owner.equals(ApiNames.CONTEXT)) {
            return context(call, name);
        }
        if (ApiNames.isArray(owner) && !ARRAY_METHODS.contains(name)) {
            return "calls " + simple + ": a kernel may use get, set and getSize of an array";
        }
        if (owner.equals(ApiNames.MATH) && name.equals("pow") && isConstant(elements, at - 1)
                && isConstant(elements, at - 2)) {
            return "calls TornadoMath.pow of two constants, which the compiler rejects: write the value";
        }
        if (owner.equals(ApiNames.HALF) && name.equals("<init>") && call.type().equalsString("(F)V")
                && !(isPlain(elements, at - 1) && isStored(elements, at + 1))) {
            return "makes a HalfFloat in another way than array.set(i, new HalfFloat(v)) with a local variable v, which PTX"
                    + " needs: store it and read it back";
        }
        if (owner.equals("java/lang/Float") && name.equals("intBitsToFloat") && !isRead(elements, at - 1)) {
            return "calls Float.intBitsToFloat of a computed number, which OpenCL does not support: pass it an element of an array";
        }
        if (owner.equals("java/lang/Float") && name.equals("floatToRawIntBits") && !isStored(elements, at + 1)) {
            return "computes with Float.floatToRawIntBits, which TornadoVM's compiler rejects: only store it in an"
                    + " IntArray";
        }
        if (owner.startsWith("java/")) {
            String instead = REJECTED.getOrDefault(simple, REJECTED.get(simple + call.type().stringValue()));
            if (instead != null) {
                return "calls " + simple + ", which TornadoVM's compiler rejects or compiles wrongly: " + instead;
            }
            return JAVA_CLASSES.contains(owner)
                    ? null
                    : "calls " + owner.replace('/', '.') + "." + name
                            + ": a kernel may call Math, TornadoMath, static helpers and its arrays";
        }
        boolean helper = ApiNames.isHelper(owner);
        return helper && call.opcode() != Opcode.INVOKESTATIC
                ? "calls " + simple + ", which is not static: a kernel may call static helpers"
                : null;
    }

    private static @Nullable String context(InvokeInstruction call, String name) {
        if (name.equals("atomicAdd") && call.type().stringValue().startsWith("([I")) {
            return "adds atomically to a local array: the index is ignored or the result is not assembled;"
                    + " reduce in local memory between barriers, or add to an IntArray";
        }
        return null;
    }

    private static @Nullable String field(FieldInstruction field) {
        if (field.opcode() == Opcode.GETSTATIC) {
            return field.type().stringValue().startsWith("[")
                    ? "reads the static array " + field.name().stringValue()
                            + ", which TornadoVM's compiler rejects: pass an array as an argument"
                    : null;
        }
        boolean index = field.opcode() == Opcode.GETFIELD && field.owner().asInternalName().equals(ApiNames.CONTEXT);
        return index ? null : "uses the field " + field.name().stringValue() + ": a kernel has arguments and locals";
    }

    private static boolean isPlain(List<CodeElement> elements, int at) {
        return elements.get(at) instanceof LoadInstruction || isRead(elements, at);
    }

    private static boolean isRead(List<CodeElement> elements, int at) {
        return elements.get(at) instanceof InvokeInstruction call
                && ApiNames.isArray(call.owner().asInternalName()) && call.name().equalsString("get");
    }

    private static boolean isStored(List<CodeElement> elements, int at) {
        CodeElement next = elements.get(elements.get(at) instanceof LineNumber ? at + 1 : at);
        return next instanceof InvokeInstruction call
                && ApiNames.isArray(call.owner().asInternalName()) && call.name().equalsString("set");
    }

    private static boolean isConstant(List<CodeElement> elements, int at) {
        return at >= 0 && elements.get(at) instanceof Instruction instruction
                && instruction instanceof ConstantInstruction;
    }
}
