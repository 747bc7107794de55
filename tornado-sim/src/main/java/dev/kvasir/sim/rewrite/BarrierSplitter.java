package dev.kvasir.sim.rewrite;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The second rewriting of a kernel with barriers. At a barrier {@code step} saves the local variables that are still
 * needed, each in an array with one element for each work-item of the group, and returns the barrier's number. A call
 * with that number loads the variables and continues. So a barrier needs no thread and costs only a few stores and
 * loads.
 */
final class BarrierSplitter {
    /** Prefix of the names of fields that hold saved variables. */
    static final String SAVED = "saved";

    private static final String BARRIER = Barrier.class.getName().replace('.', '/');
    private static final int FIRST_ARGUMENT = 3; // after this, the work-item and the state
    private static final int ITEM_SLOT = 1;
    private static final int STATE_SLOT = 2;

    private final ClassDesc self;
    private final int barriers;
    private final int argumentSlots;
    private final CodeAttribute code;
    private final List<CodeElement> elements;
    private final Liveness liveness;
    private final Map<Label, StackMapFrameInfo> frames = new HashMap<>();
    private final BitSet assigned = new BitSet();
    private final Map<String, ClassDesc> savedFields = new LinkedHashMap<>();
    private final List<List<Saved>> saves = new ArrayList<>();
    private final List<Label> resume = new ArrayList<>();
    private int passed;
    private StackMapFrameInfo frame;

    /** A saved value. Its array is the field {@code field}, with elements of {@code kind}. */
    private record Saved(String field, ClassDesc arrayType, TypeKind kind, int slot) {}

    private BarrierSplitter(ClassDesc self, MethodModel step, int barriers, int argumentSlots) {
        this.self = self;
        this.barriers = barriers;
        this.argumentSlots = argumentSlots;
        code = (CodeAttribute) step.code().orElseThrow();
        elements = code.elementList();
        liveness = new Liveness(elements);
        List<StackMapFrameInfo> table = code.findAttribute(Attributes.stackMapTable())
                .orElseThrow()
                .entries();
        for (StackMapFrameInfo info : table) {
            frames.put(info.target(), info);
        }
        frame = table.getFirst();
        findAssigned();
    }

    /** The class with its {@code step} split at its barriers. */
    static byte[] split(ClassFile classFile, byte[] type, ClassDesc self, int barriers, int argumentSlots) {
        ClassModel model = classFile.parse(type);
        return classFile.transformClass(model, (builder, element) -> {
            if (element instanceof MethodModel method && method.methodName().equalsString("step")) {
                var splitter = new BarrierSplitter(self, method, barriers, argumentSlots);
                builder.withMethod("step", KernelWriter.STEP, ClassFile.ACC_PROTECTED,
                        body -> body.transformCode(splitter.code, splitter::rewrite));
                splitter.savedFields.forEach((name, fieldType) -> builder.withField(name, fieldType, 0));
                for (int i = 0; i < splitter.saves.size(); i++) {
                    List<Saved> values = splitter.saves.get(i);
                    builder.withMethodBody("save" + i, splitter.saveType(values),
                            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, body -> splitter.saveBody(body, values));
                }
            } else {
                builder.with(element);
            }
        });
    }

    /** Finds the arguments to which the kernel assigns. They must be saved too. */
    private void findAssigned() {
        boolean entered = false;
        for (CodeElement element : elements) {
            if (marks(element, "entry")) {
                entered = true;
            } else if (entered && element instanceof StoreInstruction store) {
                assigned.set(store.slot());
            } else if (entered && element instanceof IncrementInstruction increment) {
                assigned.set(increment.slot());
            }
        }
    }

    private static boolean marks(CodeElement element, String what) {
        return element instanceof InvokeInstruction call && call.owner().asInternalName().equals(BARRIER)
                && call.name().equalsString(what);
    }

    private void rewrite(CodeBuilder to, CodeElement element) {
        if (marks(element, "entry")) {
            dispatch(to);
        } else if (marks(element, "here")) {
            barrier(to);
        } else {
            if (element instanceof LabelTarget target) {
                frame = frames.getOrDefault(target.label(), frame);
            }
            to.with(element);
        }
    }

    private void dispatch(CodeBuilder to) {
        var cases = new ArrayList<SwitchCase>();
        for (int i = 0; i < barriers; i++) {
            resume.add(to.newLabel());
            cases.add(SwitchCase.of(i + 1, resume.get(i)));
        }
        Label start = to.newLabel();
        to.iload(STATE_SLOT);
        to.tableswitch(1, barriers, start, cases);
        to.labelBinding(start);
    }

    private void barrier(CodeBuilder to) {
        List<Saved> stack = stack(to);
        List<Saved> locals = locals();
        for (int i = stack.size() - 1; i >= 0; i--) {
            to.storeLocal(stack.get(i).kind(), stack.get(i).slot());
        }
        var all = new ArrayList<Saved>(stack);
        all.addAll(locals);
        save(to, all);
        to.loadConstant(passed + 1);
        to.ireturn();
        to.labelBinding(resume.get(passed));
        locals.forEach(saved -> {
            load(to, saved);
            to.storeLocal(saved.kind(), saved.slot());
        });
        stack.forEach(saved -> load(to, saved));
        passed++;
    }

    /**
     * Saves in a separate method, which has the barrier's number in its name. {@code step} must stay small enough for
     * the compiler.
     */
    private void save(CodeBuilder to, List<Saved> values) {
        to.aload(0);
        to.aload(ITEM_SLOT);
        values.forEach(saved -> to.loadLocal(saved.kind(), saved.slot()));
        to.invokestatic(self, "save" + passed, saveType(values));
        saves.add(values);
    }

    private MethodTypeDesc saveType(List<Saved> values) {
        var types = new ArrayList<ClassDesc>(List.of(self, KernelWriter.ITEM));
        values.forEach(saved -> types.add(saved.arrayType().componentType()));
        return MethodTypeDesc.of(ConstantDescs.CD_void, types);
    }

    private void saveBody(CodeBuilder to, List<Saved> values) {
        int slot = 2; // after the kernel and the work-item
        for (Saved saved : values) {
            element(to, saved);
            to.loadLocal(saved.kind(), slot);
            to.arrayStore(saved.kind());
            slot += saved.kind().slotSize();
        }
        to.return_();
    }

    private void load(CodeBuilder to, Saved saved) {
        element(to, saved);
        to.arrayLoad(saved.kind());
    }

    private void element(CodeBuilder to, Saved saved) {
        to.aload(0);
        to.getfield(self, saved.field(), saved.arrayType());
        to.aload(ITEM_SLOT);
        to.getfield(KernelWriter.ITEM, "lane", ConstantDescs.CD_int);
    }

    /** The values on the operand stack at a barrier, below the call of a helper with a barrier. */
    private List<Saved> stack(CodeBuilder to) {
        var saved = new ArrayList<Saved>();
        for (VerificationTypeInfo type : frame.stack()) {
            ClassDesc value = typeOf(type);
            saved.add(field("Stack" + saved.size(), value, to.allocateLocal(TypeKind.from(value))));
        }
        return saved;
    }

    private List<Saved> locals() {
        var saved = new ArrayList<Saved>();
        BitSet live = liveness.before(positionOfBarrier());
        int slot = 0;
        for (VerificationTypeInfo type : frame.locals()) {
            boolean kept = slot >= FIRST_ARGUMENT + argumentSlots || assigned.get(slot);
            if (type != SimpleVerificationTypeInfo.TOP && slot >= FIRST_ARGUMENT && kept && live.get(slot)) {
                saved.add(field(Integer.toString(slot), typeOf(type), slot));
            }
            boolean wide = type == SimpleVerificationTypeInfo.LONG || type == SimpleVerificationTypeInfo.DOUBLE;
            slot += wide ? 2 : 1;
        }
        return saved;
    }

    private int positionOfBarrier() {
        int seen = 0;
        for (int i = 0; i < elements.size(); i++) {
            if (marks(elements.get(i), "here") && seen++ == passed) {
                return i;
            }
        }
        throw new IllegalStateException("no barrier " + passed);
    }

    private Saved field(String value, ClassDesc type, int slot) {
        ClassDesc array = type.arrayType();
        String name = SAVED + value + type.descriptorString().replaceAll("[/;.\\[]", "_");
        savedFields.put(name, array);
        return new Saved(name, array, TypeKind.from(type), slot);
    }

    private static ClassDesc typeOf(VerificationTypeInfo type) {
        return switch (type) {
            case SimpleVerificationTypeInfo.INTEGER -> ConstantDescs.CD_int;
            case SimpleVerificationTypeInfo.FLOAT -> ConstantDescs.CD_float;
            case SimpleVerificationTypeInfo.LONG -> ConstantDescs.CD_long;
            case SimpleVerificationTypeInfo.DOUBLE -> ConstantDescs.CD_double;
            case ObjectVerificationTypeInfo object -> object.classSymbol();
            default -> ConstantDescs.CD_Object;
        };
    }
}
