package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.run.Kernel;
import dev.kvasir.sim.run.LocalMemory;
import dev.kvasir.sim.run.Site;
import dev.kvasir.sim.run.WorkItem;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes one copy of a method's code into a kernel's class. Reads of the context become reads of the {@link WorkItem}.
 * Helpers get the work-item as an additional argument. Helpers with local memory or barriers are inlined at each call.
 * With checks on, every access to memory becomes a call.
 */
final class BodyWriter {
    private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;
    private static final ClassDesc BARRIER = ClassDesc.ofDescriptor(Barrier.class.descriptorString());
    private static final ClassDesc LOCAL_MEMORY = ClassDesc.ofDescriptor(LocalMemory.class.descriptorString());

    private final KernelWriter kernel;
    private final SourceMethod method;
    private final CodeBuilder to;
    private final Relabeling labels;
    private final IntUnaryOperator slots;
    private final int itemSlot;
    private final int free;
    private final @Nullable Label end;
    private final List<CodeElement> elements;
    private final ParallelLoops loops;
    private final UsedBits usedBits;
    private int line;

    /**
     * A writer of one copy.
     *
     * @param slots maps the method's local variables to slots
     * @param itemSlot slot of the work-item
     * @param free first unused slot
     * @param end label at which the caller continues after an inlined copy, or null for a separate method
     */
    BodyWriter(KernelWriter kernel, SourceMethod method, CodeBuilder to, IntUnaryOperator slots, int itemSlot, int free,
            @Nullable Label end) {
        this.kernel = kernel;
        this.method = method;
        this.to = to;
        this.slots = slots;
        this.itemSlot = itemSlot;
        this.free = free;
        this.end = end;
        labels = new Relabeling(to);
        elements = method.elements();
        loops = new ParallelLoops(method);
        usedBits = new UsedBits(elements);
    }

    void write() {
        kernel.rules().checkCalls(method);
        for (int i = 0; i < elements.size(); i++) {
            kernel.rules().check(method, elements, i, line);
            i += write(i);
        }
    }

    /** Writes one element. Returns the number of following elements that were written with it. */
    private int write(int at) {
        switch (elements.get(at)) {
            case LineNumber number -> {
                line = number.line();
                to.lineNumber(line);
            }
            case LabelTarget target -> labels.bind(target);
            case LoadInstruction load -> to.loadLocal(load.typeKind(), slots.applyAsInt(load.slot()));
            case StoreInstruction store -> {
                to.storeLocal(store.typeKind(), slots.applyAsInt(store.slot()));
                noteLoop(at, store.slot());
            }
            case IncrementInstruction increment -> {
                to.iinc(slots.applyAsInt(increment.slot()), increment.constant());
                noteLoop(at, increment.slot());
            }
            case BranchInstruction branch -> labels.branch(branch);
            case TableSwitchInstruction table -> labels.table(table);
            case LookupSwitchInstruction lookup -> labels.lookup(lookup);
            case ReturnInstruction value -> leave(value);
            case FieldInstruction field -> {
                return field(field, at);
            }
            case InvokeInstruction call -> call(call, at);
            case Instruction other -> {
                if (!kernel.memory().write(to, other, itemSlot, this, at)) {
                    to.with(other);
                }
            }
            default -> {
                // Names and ranges of variables are not needed in the copy.
            }
        }
        return 0;
    }

    /** Whether the element pushes a constant of the device code, such as a number among the arguments. */
    boolean isConstant(int at) {
        return at >= 0 && (elements.get(at) instanceof ConstantInstruction
                || elements.get(at) instanceof LoadInstruction load && method == kernel.source()
                        && load.slot() < KernelWriter.parameterSlots(method.type()));
    }

    /** The number of used low bits in the result of the shift at {@code at}. */
    int usedBits(int at, int width) {
        return usedBits.of(at, width);
    }

    private void noteLoop(int at, int slot) {
        int dimension = kernel.checks() ? loops.dimension(at, slot) : -1;
        if (dimension >= 0) {
            to.aload(itemSlot);
            to.iload(slots.applyAsInt(slot));
            to.loadConstant(dimension);
            to.invokevirtual(KernelWriter.ITEM, "iterate",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_int));
        }
    }

    private void leave(ReturnInstruction value) {
        if (end != null) {
            to.goto_(end);
        } else if (method == kernel.source()) {
            to.loadConstant(Kernel.END);
            to.ireturn();
        } else {
            to.return_(value.typeKind());
        }
    }

    private int field(FieldInstruction field, int at) {
        if (field.opcode() == Opcode.GETSTATIC) {
            kernel.constant(to, method, field, line);
            return 0;
        }
        to.pop();
        to.aload(itemSlot);
        to.getfield(KernelWriter.ITEM, ApiNames.index(field.name().stringValue()), ConstantDescs.CD_int);
        if (at + 1 < elements.size() && elements.get(at + 1) instanceof InvokeInstruction call
                && call.owner().asInternalName().equals("java/lang/Integer")
                && call.name().equalsString("intValue")) {
            return 1;
        }
        to.invokestatic(INTEGER, "valueOf", MethodTypeDesc.of(INTEGER, ConstantDescs.CD_int));
        return 0;
    }

    private void call(InvokeInstruction call, int at) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (owner.equals(ApiNames.CONTEXT)) {
            context(call, name, at);
        } else if (ApiNames.isArray(owner)) {
            if (!kernel.memory().call(to, call, itemSlot, this)) {
                to.with(call);
            }
        } else if (ApiNames.isHelper(owner)) {
            helper(kernel.program().helper(call), call.typeSymbol());
        } else {
            to.with(call);
        }
    }

    private void context(InvokeInstruction call, String name, int at) {
        String allocation = ApiNames.allocation(name);
        if (ApiNames.isBarrier(name)) {
            to.pop();
            barrier(name);
        } else if (allocation != null) {
            to.aload(itemSlot);
            to.loadConstant(kernel.addAllocation(
                    SourceNames.array(method, at + 1, line, kernel.allocations().size())));
            MethodTypeDesc type = call.typeSymbol();
            to.invokestatic(LOCAL_MEMORY, allocation, MethodTypeDesc.of(type.returnType(), ApiNames.CONTEXT_TYPE,
                    ConstantDescs.CD_int, KernelWriter.ITEM, ConstantDescs.CD_int));
        } else if (ApiNames.isMatrixUnit(name)) {
            kernel.memory().matrixUnit(to, call, itemSlot, this);
        } else {
            kernel.memory().atomic(to, call, itemSlot, this);
        }
    }

    private void barrier(String name) {
        // This jump is never taken. It gives its target a stack map frame, from which the second rewriting reads the
        // values to save.
        Label here = to.newLabel();
        to.loadConstant(0);
        to.ifne(here);
        to.labelBinding(here);
        kernel.addBarrier(site(name));
        to.invokestatic(BARRIER, "here", ConstantDescs.MTD_void);
    }

    private void helper(SourceMethod helper, MethodTypeDesc type) {
        if (!kernel.program().isShared(helper)) {
            to.aload(itemSlot);
            to.invokestatic(kernel.self(), kernel.nameOf(helper), type.insertParameterTypes(type.parameterCount(),
                    KernelWriter.ITEM));
            return;
        }
        int slot = KernelWriter.parameterSlots(type);
        for (int i = type.parameterCount() - 1; i >= 0; i--) {
            TypeKind kind = TypeKind.from(type.parameterType(i));
            slot -= kind.slotSize();
            to.storeLocal(kind, free + slot);
        }
        Label after = to.newLabel();
        new BodyWriter(kernel, helper, to, s -> free + s, itemSlot, free + helper.code().maxLocals(), after).write();
        to.labelBinding(after);
    }

    /** Adds a place to the kernel's list of places, for messages. */
    Site site(String what) {
        return new Site(method.place(line), what);
    }
}
