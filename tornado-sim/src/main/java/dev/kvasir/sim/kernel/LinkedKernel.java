package dev.kvasir.sim.kernel;

import dev.kvasir.sim.SimOptions;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import uk.ac.manchester.tornado.api.KernelContext;

/** A kernel that has been rewritten and loaded, ready to be given arguments. */
public final class LinkedKernel {
    private static final Map<Key, LinkedKernel> LOADED = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private record Key(Method method, boolean checks) {}

    private final String name;
    private final boolean usesContext;
    private final Access[] accesses;
    private final List<Site> barriers;
    private final Constructor<? extends Kernel> constructor;
    private final List<Field> saved = new ArrayList<>();

    private LinkedKernel(Key key) {
        var program = new KernelProgram(key.method());
        name = program.kernel().displayName();
        usesContext = List.of(key.method().getParameterTypes()).contains(KernelContext.class);
        accesses = new AccessAnalysis(program).accesses();
        String className = key.method().getDeclaringClass().getName() + "$$" + key.method().getName()
                + NUMBER.incrementAndGet();
        var writer = new KernelWriter(program, className, key.checks());
        byte[] type = writer.write();
        barriers = writer.barriers();
        if (!barriers.isEmpty()) {
            type = BarrierSplitter.split(writer.classFile(), type, writer.self(), barriers.size(),
                    KernelWriter.parameterSlots(program.kernel().type()));
        }
        Class<? extends Kernel> loaded = new KernelLoader(key.method().getDeclaringClass().getClassLoader())
                .define(className, type);
        try {
            constructor = loaded.getConstructor(Object[].class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        for (Field field : loaded.getDeclaredFields()) {
            if (field.getName().startsWith(BarrierSplitter.SAVED)) {
                field.setAccessible(true);
                saved.add(field);
            }
        }
    }

    /** The kernel of a task. A kernel is rewritten once for all tasks that run it. */
    public static LinkedKernel of(String task, Object code, Object[] arguments, SimOptions options) {
        Method method = TaskCode.kernelOf(task, code, arguments);
        return LOADED.computeIfAbsent(new Key(method, options.checks()), LinkedKernel::new);
    }

    /** The kernel with arguments, for work-groups of {@code groupSize}. */
    Kernel bind(Object[] arguments, int groupSize) {
        try {
            Kernel kernel = constructor.newInstance((Object) arguments);
            for (Field field : saved) {
                field.set(kernel, Array.newInstance(field.getType().getComponentType(), groupSize));
            }
            return kernel;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For messages: {@code Class.method}. */
    public String name() {
        return name;
    }

    /** Whether the kernel runs once for each work-item of a grid; otherwise its loops are the parallel ones. */
    public boolean usesContext() {
        return usesContext;
    }

    /** What the kernel does with its argument {@code i}. */
    public Access access(int i) {
        return accesses[i];
    }

    /** The barriers, numbered from 1. */
    Site barrier(int number) {
        return barriers.get(number - 1);
    }
}
