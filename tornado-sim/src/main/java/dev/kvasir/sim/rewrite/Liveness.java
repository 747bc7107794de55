package dev.kvasir.sim.rewrite;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds the local variables that are still read after each element of a method. Others need not be saved at a barrier.
 */
final class Liveness {
    private final List<CodeElement> elements;
    private final Map<Label, Integer> positions = new IdentityHashMap<>();
    private final List<BitSet> live = new ArrayList<>();

    Liveness(List<CodeElement> elements) {
        this.elements = elements;
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof LabelTarget target) {
                positions.put(target.label(), i);
            }
            live.add(new BitSet());
        }
        live.add(new BitSet());
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = elements.size() - 1; i >= 0; i--) {
                changed |= update(i);
            }
        }
    }

    /** The slots that are read at {@code element} or after it before they are written. */
    BitSet before(int element) {
        return live.get(element);
    }

    private boolean update(int at) {
        var now = new BitSet();
        CodeElement element = elements.get(at);
        switch (element) {
            case BranchInstruction branch -> {
                add(now, branch.target());
                if (branch.opcode() != Opcode.GOTO && branch.opcode() != Opcode.GOTO_W) {
                    now.or(live.get(at + 1));
                }
            }
            case TableSwitchInstruction table -> addCases(now, table.defaultTarget(), table.cases());
            case LookupSwitchInstruction lookup -> addCases(now, lookup.defaultTarget(), lookup.cases());
            case ReturnInstruction _ -> {
                // Nothing is read after it.
            }
            default -> now.or(live.get(at + 1));
        }
        switch (element) {
            case StoreInstruction store -> now.clear(store.slot());
            case LoadInstruction load -> now.set(load.slot());
            case IncrementInstruction increment -> now.set(increment.slot());
            default -> {
                // Not an access to a local variable.
            }
        }
        if (now.equals(live.get(at))) {
            return false;
        }
        live.set(at, now);
        return true;
    }

    private void addCases(BitSet now, Label otherwise, List<SwitchCase> cases) {
        add(now, otherwise);
        for (SwitchCase one : cases) {
            add(now, one.target());
        }
    }

    private void add(BitSet now, Label target) {
        now.or(live.get(Objects.requireNonNull(positions.get(target))));
    }
}
