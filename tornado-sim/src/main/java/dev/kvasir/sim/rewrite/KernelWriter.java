package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.KernelFault;
import dev.kvasir.sim.run.Kernel;
import dev.kvasir.sim.run.Site;
import dev.kvasir.sim.run.WorkItem;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a class from a kernel: a subclass of {@link Kernel}. Its fields are the arguments, its method {@code step} is
 * the kernel, and its static methods are the helpers.
 */
final class KernelWriter {
    static final ClassDesc ITEM = ClassDesc.ofDescriptor(WorkItem.class.descriptorString());
    static final ClassDesc KERNEL = ClassDesc.ofDescriptor(Kernel.class.descriptorString());
    static final MethodTypeDesc STEP = MethodTypeDesc.of(ConstantDescs.CD_int, ITEM, ConstantDescs.CD_int);

    private static final ClassDesc OBJECTS = ConstantDescs.CD_Object.arrayType();
    private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(ConstantDescs.CD_void, OBJECTS);
    private static final int STEP_SLOTS = 3; // this, the work-item, the state

    private final KernelProgram program;
    private final ClassDesc self;
    private final KernelRules rules;
    private final MemoryWriter memory;
    private final boolean checks;
    private final List<Site> barriers = new ArrayList<>();
    private final List<String> allocations = new ArrayList<>();

    KernelWriter(KernelProgram program, String className, boolean checks) {
        this.program = program;
        this.checks = checks;
        self = ClassDesc.of(className);
        rules = new KernelRules(source().displayName());
        memory = new MemoryWriter(checks);
    }

    byte[] write() {
        rules.checkName(source().name());
        rules.checkReturns(source());
        return classFile().build(self, type -> {
            type.withSuperclass(KERNEL);
            type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
            type.with(SourceFileAttribute.of(source().place(0).replace(":0", "")));
            List<ClassDesc> parameters = source().type().parameterList();
            for (int i = 0; i < parameters.size(); i++) {
                type.withField("a" + i, parameters.get(i), ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            }
            type.withMethodBody(ConstantDescs.INIT_NAME, CONSTRUCTOR, ClassFile.ACC_PUBLIC, this::constructor);
            type.withMethodBody("step", STEP, ClassFile.ACC_PROTECTED, this::step);
            for (SourceMethod helper : program.helpers()) {
                if (!program.isShared(helper)) {
                    MethodTypeDesc helperType = helper.type();
                    type.withMethodBody(nameOf(helper),
                            helperType.insertParameterTypes(helperType.parameterCount(), ITEM),
                            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, code -> helper(code, helper));
                }
            }
        });
    }

    ClassFile classFile() {
        ClassLoader loader = source().owner().getClassLoader();
        return ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.defaultResolver()
                .orElse(ClassHierarchyResolver.ofClassLoading(loader))
                .orElse(ClassHierarchyResolver.of(List.of(), Map.of(self, KERNEL)))));
    }

    private void constructor(CodeBuilder code) {
        code.aload(0);
        code.invokespecial(KERNEL, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
        List<ClassDesc> parameters = source().type().parameterList();
        for (int i = 0; i < parameters.size(); i++) {
            ClassDesc type = parameters.get(i);
            code.aload(0);
            code.aload(1);
            code.loadConstant(i);
            code.aaload();
            unbox(code, type);
            code.putfield(self, "a" + i, type);
        }
        code.return_();
    }

    private static void unbox(CodeBuilder code, ClassDesc type) {
        if (!type.isPrimitive()) {
            code.checkcast(type);
            return;
        }
        Class<?> wrapper = MethodType.fromMethodDescriptorString("()" + type.descriptorString(), null)
                .wrap()
                .returnType();
        ClassDesc boxed = ClassDesc.ofDescriptor(wrapper.descriptorString());
        code.checkcast(boxed);
        code.invokevirtual(boxed, type.displayName() + "Value", MethodTypeDesc.of(type));
    }

    private void step(CodeBuilder code) {
        int slot = STEP_SLOTS;
        List<ClassDesc> parameters = source().type().parameterList();
        for (int i = 0; i < parameters.size(); i++) {
            TypeKind kind = TypeKind.from(parameters.get(i));
            code.aload(0);
            code.getfield(self, "a" + i, parameters.get(i));
            code.storeLocal(kind, slot);
            slot += kind.slotSize();
        }
        code.invokestatic(ClassDesc.ofDescriptor(Barrier.class.descriptorString()), "entry", ConstantDescs.MTD_void);
        new BodyWriter(this, source(), code, s -> s + STEP_SLOTS, 1, STEP_SLOTS + source().code().maxLocals(), null)
                .write();
    }

    private void helper(CodeBuilder code, SourceMethod helper) {
        int itemSlot = parameterSlots(helper.type());
        new BodyWriter(this, helper, code, s -> s < itemSlot ? s : s + 1, itemSlot, helper.code().maxLocals() + 1, null)
                .write();
    }

    /** Replaces the reading of a static final field by its value, as a device's compiler does. */
    void constant(CodeBuilder code, SourceMethod method, FieldInstruction read, int line) {
        Object value;
        try {
            Class<?> owner = Class.forName(read.owner().asInternalName().replace('/', '.'), true,
                    method.owner().getClassLoader());
            Field field = owner.getDeclaredField(read.name().stringValue());
            if (field.isEnumConstant()) {
                code.with(read);
                return;
            }
            if (!Modifier.isFinal(field.getModifiers()) || !field.getType().isPrimitive()) {
                throw new KernelFault(KernelFault.Kind.REJECTED, "kernel " + source().displayName() + " at "
                        + method.place(line) + " reads the field " + field.getName()
                        + ", which is not a constant number: pass it as an argument");
            }
            field.setAccessible(true);
            value = field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        switch (value) {
            case Long v -> code.loadConstant(v.longValue());
            case Float v -> code.loadConstant(v.floatValue());
            case Double v -> code.loadConstant(v.doubleValue());
            case Boolean v -> code.loadConstant(v ? 1 : 0);
            case Character v -> code.loadConstant(v.charValue());
            default -> code.loadConstant(((Number) value).intValue());
        }
    }

    static int parameterSlots(MethodTypeDesc type) {
        int slots = 0;
        for (ClassDesc parameter : type.parameterList()) {
            slots += TypeKind.from(parameter).slotSize();
        }
        return slots;
    }

    String nameOf(SourceMethod helper) {
        return helper.owner().getSimpleName() + "_" + helper.name();
    }

    void addBarrier(Site site) {
        barriers.add(site);
    }

    /** Adds a local array of this name; returns its number. */
    int addAllocation(String name) {
        allocations.add(name);
        return allocations.size() - 1;
    }

    List<String> allocations() {
        return allocations;
    }

    SourceMethod source() {
        return program.kernel();
    }

    KernelProgram program() {
        return program;
    }

    ClassDesc self() {
        return self;
    }

    KernelRules rules() {
        return rules;
    }

    MemoryWriter memory() {
        return memory;
    }

    boolean checks() {
        return checks;
    }

    List<Site> barriers() {
        return barriers;
    }
}
