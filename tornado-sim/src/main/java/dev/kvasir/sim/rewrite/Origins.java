package dev.kvasir.sim.rewrite;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tracks through a method which parameter each value on the operand stack is, to find the receiver of each call. It
 * makes one pass in the order of the code. The stack at a jump's target is the stack at the jump.
 */
final class Origins {
    /** The value is not a parameter, or may be one of several. */
    static final int OTHER = -1;

    /** A local array. */
    static final int LOCAL = -2;

    /** Called for each call, with its line and the origins of receiver and arguments, one for each value. */
    interface Calls {
        void call(InvokeInstruction call, int[] origins, int line);
    }

    private final List<Integer> stack = new ArrayList<>(); // one entry for each slot
    private final Map<Label, List<Integer>> atTarget = new IdentityHashMap<>();
    private final int[] locals;
    private int line;

    private Origins(SourceMethod method) {
        locals = new int[method.code().maxLocals()];
        Arrays.fill(locals, OTHER);
        int slot = 0;
        for (int i = 0; i < method.type().parameterCount(); i++) {
            locals[slot] = i;
            slot += TypeKind.from(method.type().parameterType(i)).slotSize();
        }
    }

    /** Visits all calls of a method. */
    static void visit(SourceMethod method, Calls calls) {
        var origins = new Origins(method);
        for (CodeElement element : method.elements()) {
            origins.step(element, calls);
        }
    }

    private void step(CodeElement element, Calls calls) {
        switch (element) {
            case LineNumber number -> line = number.line();
            case LabelTarget target -> {
                List<Integer> known = atTarget.get(target.label());
                if (known != null) {
                    stack.clear();
                    stack.addAll(known);
                }
            }
            case LoadInstruction load -> push(load.typeKind().slotSize(), locals[load.slot()]);
            case StoreInstruction store -> locals[store.slot()] = pop(store.typeKind().slotSize());
            case ConstantInstruction constant -> push(constant.typeKind().slotSize(), OTHER);
            case OperatorInstruction operator -> operator(operator);
            case ConvertInstruction convert -> {
                pop(convert.fromType().slotSize());
                push(convert.toType().slotSize(), OTHER);
            }
            case ArrayLoadInstruction load -> {
                pop(2);
                push(load.typeKind().slotSize(), OTHER);
            }
            case ArrayStoreInstruction store -> pop(2 + store.typeKind().slotSize());
            case FieldInstruction field -> {
                pop(field.opcode() == Opcode.GETFIELD ? 1 : 0);
                push(TypeKind.from(field.typeSymbol()).slotSize(), OTHER);
            }
            case InvokeInstruction call -> call(call, calls);
            case NewObjectInstruction _ -> push(1, OTHER);
            case NewPrimitiveArrayInstruction _ -> replaceTop();
            case NewReferenceArrayInstruction _ -> replaceTop();
            case TypeCheckInstruction check -> {
                if (check.opcode() == Opcode.INSTANCEOF) {
                    replaceTop();
                }
            }
            case StackInstruction operation -> shuffle(operation.opcode());
            case BranchInstruction branch -> branch(branch);
            case TableSwitchInstruction table -> targets(table.defaultTarget(), table.cases());
            case LookupSwitchInstruction lookup -> targets(lookup.defaultTarget(), lookup.cases());
            case ReturnInstruction value -> pop(value.typeKind().slotSize());
            default -> {
                // Nothing on the stack.
            }
        }
    }

    private void operator(OperatorInstruction operator) {
        int size = operator.typeKind().slotSize();
        switch (operator.opcode()) {
            case ARRAYLENGTH, INEG, FNEG, LNEG, DNEG -> {
                pop(operator.opcode() == Opcode.ARRAYLENGTH ? 1 : size);
                push(size, OTHER);
            }
            case ISHL, ISHR, IUSHR, LSHL, LSHR, LUSHR -> {
                pop(1 + size);
                push(size, OTHER);
            }
            case LCMP, DCMPL, DCMPG -> {
                pop(4);
                push(1, OTHER);
            }
            case FCMPL, FCMPG -> {
                pop(2);
                push(1, OTHER);
            }
            default -> {
                pop(2 * size);
                push(size, OTHER);
            }
        }
    }

    private void call(InvokeInstruction call, Calls calls) {
        MethodTypeDesc type = call.typeSymbol();
        int receiver = call.opcode() == Opcode.INVOKESTATIC ? 0 : 1;
        var origins = new int[receiver + type.parameterCount()];
        for (int i = type.parameterCount() - 1; i >= 0; i--) {
            origins[receiver + i] = pop(TypeKind.from(type.parameterType(i)).slotSize());
        }
        if (receiver == 1) {
            origins[0] = pop(1);
        }
        boolean allocates = call.owner().asInternalName().equals(ApiNames.CONTEXT)
                && ApiNames.allocation(call.name().stringValue()) != null;
        push(TypeKind.from(type.returnType()).slotSize(), allocates ? LOCAL : OTHER);
        calls.call(call, origins, line);
    }

    private void branch(BranchInstruction branch) {
        switch (branch.opcode()) {
            case GOTO, GOTO_W -> {
                // Nothing is popped.
            }
            case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE, IF_ACMPEQ, IF_ACMPNE -> pop(2);
            default -> pop(1);
        }
        atTarget.putIfAbsent(branch.target(), List.copyOf(stack));
    }

    private void targets(Label otherwise, List<SwitchCase> cases) {
        pop(1);
        atTarget.putIfAbsent(otherwise, List.copyOf(stack));
        cases.forEach(one -> atTarget.putIfAbsent(one.target(), List.copyOf(stack)));
    }

    private void shuffle(Opcode opcode) {
        int n = stack.size();
        switch (opcode) {
            case POP -> pop(1);
            case POP2 -> pop(2);
            case DUP -> insert(1, 1);
            case DUP_X1 -> insert(1, 2);
            case DUP_X2 -> insert(1, 3);
            case DUP2 -> insert(2, 2);
            case DUP2_X1 -> insert(2, 3);
            case DUP2_X2 -> insert(2, 4);
            default -> stack.add(n - 2, stack.removeLast());
        }
    }

    /** Copies the top {@code count} slots to below the top {@code depth}. */
    private void insert(int count, int depth) {
        int n = stack.size();
        stack.addAll(n - depth, List.copyOf(stack.subList(n - count, n)));
    }

    private void replaceTop() {
        pop(1);
        push(1, OTHER);
    }

    private void push(int slots, int origin) {
        for (int i = 0; i < slots; i++) {
            stack.add(origin);
        }
    }

    private int pop(int slots) {
        int origin = OTHER;
        for (int i = 0; i < slots && !stack.isEmpty(); i++) {
            origin = stack.removeLast();
        }
        return origin;
    }
}
