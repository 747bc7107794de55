package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.KernelFault;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A kernel with all static helpers that it calls, directly or indirectly. */
final class KernelProgram {
    private final SourceMethod kernel;
    private final Map<String, SourceMethod> helpers = new LinkedHashMap<>();
    private final Map<String, Boolean> shared = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();

    KernelProgram(Method method) {
        kernel = SourceMethod.of(method.getDeclaringClass(), method.getName(),
                MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                        .descriptorString());
        visit(kernel);
    }

    SourceMethod kernel() {
        return kernel;
    }

    /** All helpers, in the order in which they are found. */
    List<SourceMethod> helpers() {
        return new ArrayList<>(helpers.values());
    }

    SourceMethod helper(InvokeInstruction call) {
        return Objects.requireNonNull(helpers.get(key(call)));
    }

    /** Whether the method allocates local memory or has a barrier. Each call of such a method is inlined. */
    boolean isShared(SourceMethod method) {
        return Objects.requireNonNull(shared.get(key(method)));
    }

    private boolean visit(SourceMethod method) {
        String key = key(method);
        path.push(key);
        boolean shares = false;
        int line = 0;
        for (CodeElement element : method.elements()) {
            if (element instanceof LineNumber number) {
                line = number.line();
            } else if (element instanceof InvokeInstruction call) {
                shares |= visit(method, call, line);
            }
        }
        path.pop();
        shared.put(key, shares);
        return shares;
    }

    private boolean visit(SourceMethod caller, InvokeInstruction call, int line) {
        String owner = call.owner().asInternalName();
        if (owner.equals(ApiNames.CONTEXT)) {
            String name = call.name().stringValue();
            return ApiNames.isBarrier(name) || ApiNames.allocation(name) != null;
        }
        if (call.opcode() != Opcode.INVOKESTATIC || !ApiNames.isHelper(owner)) {
            return false;
        }
        String key = key(call);
        if (path.contains(key)) {
            throw new KernelFault(KernelFault.Kind.REJECTED, "kernel " + kernel.displayName() + " calls "
                    + call.name().stringValue() + " from within itself at " + caller.place(line)
                    + ": a device's compiler inlines every call and never ends on a recursion");
        }
        Boolean known = shared.get(key);
        if (known != null) {
            return known;
        }
        SourceMethod helper = load(caller, call);
        helpers.put(key, helper);
        return visit(helper);
    }

    private static SourceMethod load(SourceMethod caller, InvokeInstruction call) {
        try {
            Class<?> owner = Class.forName(call.owner().asInternalName().replace('/', '.'), false,
                    caller.owner().getClassLoader());
            return SourceMethod.of(owner, call.name().stringValue(), call.type().stringValue());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String key(InvokeInstruction call) {
        return call.owner().asInternalName() + "." + call.name().stringValue() + call.type().stringValue();
    }

    private static String key(SourceMethod method) {
        return method.owner().getName().replace('.', '/') + "." + method.name()
                + method.method().methodType().stringValue();
    }
}
