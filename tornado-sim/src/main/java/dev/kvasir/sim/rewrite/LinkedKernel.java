package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.SimOptions;
import dev.kvasir.sim.run.Access;
import dev.kvasir.sim.run.Kernel;
import dev.kvasir.sim.run.KernelCode;
import dev.kvasir.sim.run.KernelCode.Argument;
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
import uk.ac.manchester.tornado.api.annotations.Reduce;

/** A kernel that has been rewritten and loaded, ready to be bound to arguments. */
public final class LinkedKernel {
    private static final Map<Key, LinkedKernel> LOADED = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private record Key(Method method, boolean checks) {}

    private final KernelCode code;
    private final Constructor<? extends Kernel> constructor;
    private final List<Field> saved = new ArrayList<>();

    private LinkedKernel(Key key) {
        var program = new KernelProgram(key.method());
        String className = key.method().getDeclaringClass().getName() + "$$" + key.method().getName()
                + NUMBER.incrementAndGet();
        var writer = new KernelWriter(program, className, key.checks());
        byte[] type = writer.write();
        code = new KernelCode(program.kernel().displayName(),
                List.of(key.method().getParameterTypes()).contains(KernelContext.class),
                arguments(key.method(), program), writer.barriers(),
                writer.memory().sites(), writer.allocations(), key.checks());
        if (!code.barriers().isEmpty()) {
            type = BarrierSplitter.split(writer.classFile(), type, writer.self(), code.barriers().size(),
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

    private static List<Argument> arguments(Method method, KernelProgram program) {
        Access[] accesses = new AccessAnalysis(program).accesses();
        var arguments = new ArrayList<Argument>();
        for (int i = 0; i < accesses.length; i++) {
            arguments.add(new Argument(SourceNames.parameter(program.kernel(), i), accesses[i],
                    method.getParameters()[i].isAnnotationPresent(Reduce.class)));
        }
        return arguments;
    }

    /** The kernel of a task. A kernel is rewritten only once for all its tasks. */
    public static LinkedKernel of(String task, Object code, Object[] arguments, SimOptions options) {
        Method method = TaskCode.kernelOf(task, code, arguments);
        return LOADED.computeIfAbsent(new Key(method, options.checks()), LinkedKernel::new);
    }

    /** Binds the kernel to arguments, for work-groups of {@code groupSize} work-items. */
    public Kernel bind(Object[] arguments, int groupSize) {
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

    /** The properties of the kernel that a launch needs. */
    public KernelCode code() {
        return code;
    }
}
