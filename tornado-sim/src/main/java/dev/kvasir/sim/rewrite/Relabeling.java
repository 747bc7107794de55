package dev.kvasir.sim.rewrite;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the jumps in one copy of a method's code new labels, because the same code may be copied several times into one
 * method.
 */
final class Relabeling {
    private final CodeBuilder to;
    private final Map<Label, Label> labels = new HashMap<>();

    Relabeling(CodeBuilder to) {
        this.to = to;
    }

    private Label of(Label label) {
        return labels.computeIfAbsent(label, key -> to.newLabel());
    }

    void bind(LabelTarget target) {
        to.labelBinding(of(target.label()));
    }

    void branch(BranchInstruction branch) {
        to.branch(branch.opcode(), of(branch.target()));
    }

    void table(TableSwitchInstruction table) {
        to.tableswitch(table.lowValue(), table.highValue(), of(table.defaultTarget()), cases(table.cases()));
    }

    void lookup(LookupSwitchInstruction lookup) {
        to.lookupswitch(of(lookup.defaultTarget()), cases(lookup.cases()));
    }

    private List<SwitchCase> cases(List<SwitchCase> cases) {
        return cases.stream().map(c -> SwitchCase.of(c.caseValue(), of(c.target()))).toList();
    }
}
