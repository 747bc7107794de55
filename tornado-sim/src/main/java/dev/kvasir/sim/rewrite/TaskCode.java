package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.KernelFault;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Finds the static method of a task. A method reference does not reveal its method, so it is called once with null for
 * every object. The kernel fails at its first access to its context or an array, before it has any effect, and the
 * stack trace names it.
 */
final class TaskCode {
    /** The methods found so far. Each method reference has its own class, so its method is searched only once. */
    private static final Map<Class<?>, Method> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private TaskCode() {}

    /** The kernel that {@code code}, a {@code TornadoFunctions.TaskN}, refers to. */
    static Method kernelOf(String task, Object code, Object[] arguments) {
        Method known = KNOWN.get(code.getClass());
        if (known != null) {
            return known;
        }
        Method kernel = find(task, code, arguments);
        KNOWN.put(code.getClass(), kernel);
        return kernel;
    }

    private static Method find(String task, Object code, Object[] arguments) {
        Object[] probe = arguments.clone();
        for (int i = 0; i < probe.length; i++) {
            if (!(probe[i] instanceof Number) && !(probe[i] instanceof Boolean)) {
                probe[i] = null;
            }
        }
        StackTraceElement frame = frameOf(task, code, probe);
        List<Method> candidates = candidates(code, frame, arguments);
        if (candidates.size() != 1) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "task " + task + " runs " + frame.getClassName() + "."
                    + frame.getMethodName() + ", of which " + candidates.size()
                    + " static overloads take these arguments: give the kernel a unique name");
        }
        return candidates.getFirst();
    }

    private static StackTraceElement frameOf(String task, Object code, Object[] probe) {
        Method apply = applyOf(code);
        try {
            apply.invoke(code, probe);
        } catch (InvocationTargetException thrown) {
            return calledBy(TaskCode.class.getName(), thrown.getTargetException().getStackTrace(), task);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        throw new KernelFault(KernelFault.Kind.LAUNCH, "the kernel of task " + task
                + " uses neither its context nor an array, so there is nothing to run");
    }

    private static Method applyOf(Object code) {
        for (Class<?> type : code.getClass().getInterfaces()) {
            for (Method method : type.getMethods()) {
                if (method.getName().equals("apply")) {
                    return method;
                }
            }
        }
        throw new IllegalArgumentException(code.getClass() + " is not a task");
    }

    /** The stack frame of the innermost method that this class has called by reflection and the method reference. */
    private static StackTraceElement calledBy(String caller, StackTraceElement[] trace, String task) {
        int below = trace.length - 1;
        while (below >= 0 && !trace[below].getClassName().equals(caller)) {
            below--;
        }
        while (below > 0 && trace[below].getClassName().equals(caller)) {
            below--;
        }
        for (int i = below; i >= 0; i--) {
            String type = trace[i].getClassName();
            if (!type.startsWith("java.lang.") && !type.startsWith("jdk.internal.") && !type.contains("$$Lambda")) {
                return trace[i];
            }
        }
        throw new KernelFault(KernelFault.Kind.LAUNCH, "the kernel of task " + task + " calls itself: kernels cannot"
                + " recurse, and a device's compiler never ends on a recursion");
    }

    private static List<Method> candidates(Object code, StackTraceElement frame, Object[] arguments) {
        Class<?> type;
        try {
            type = Class.forName(frame.getClassName(), false, code.getClass().getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        var fitting = new ArrayList<Method>();
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(frame.getMethodName()) && Modifier.isStatic(method.getModifiers())
                    && accepts(method.getParameterTypes(), arguments)) {
                fitting.add(method);
            }
        }
        return fitting;
    }

    private static boolean accepts(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            Object boxed = arguments[i];
            Class<?> type = types[i].isPrimitive()
                    ? MethodType.methodType(types[i]).wrap().returnType()
                    : types[i];
            if (!type.isInstance(boxed)) {
                return false;
            }
        }
        return true;
    }
}
