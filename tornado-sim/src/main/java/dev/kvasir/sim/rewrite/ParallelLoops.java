package dev.kvasir.sim.rewrite;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeAnnotation.LocalVarTarget;
import java.lang.classfile.TypeAnnotation.LocalVarTargetInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The variables of a method with the annotation {@code @Parallel}, outermost loop first. */
final class ParallelLoops {

    /** A variable in a slot, from its first assignment's end to the end of its loop, in bytes of code. */
    private record Variable(int slot, int start, int end) {}

    private final List<Variable> variables = new ArrayList<>();
    private final int[] ends;

    ParallelLoops(SourceMethod method) {
        method.code().findAttribute(Attributes.runtimeVisibleTypeAnnotations()).ifPresent(found -> {
            for (TypeAnnotation annotation : found.annotations()) {
                if (annotation.annotation().className().equalsString(ApiNames.PARALLEL)
                        && annotation.targetInfo() instanceof LocalVarTarget target) {
                    for (LocalVarTargetInfo range : target.table()) {
                        variables.add(new Variable(range.index(), method.code().labelToBci(range.startLabel()),
                                method.code().labelToBci(range.endLabel())));
                    }
                }
            }
        });
        variables.sort(Comparator.comparingInt(Variable::start));
        ends = variables.isEmpty() ? new int[0] : ends(method.elements());
    }

    private static int[] ends(List<CodeElement> elements) {
        var ends = new int[elements.size()];
        int bytes = 0;
        for (int i = 0; i < ends.length; i++) {
            if (elements.get(i) instanceof Instruction instruction) {
                bytes += instruction.sizeInBytes();
            }
            ends[i] = bytes;
        }
        return ends;
    }

    boolean any() {
        return !variables.isEmpty();
    }

    /** The dimension of the loop whose variable the element assigns (0 for the outermost loop), or -1. */
    int dimension(int element, int slot) {
        for (int i = 0; i < variables.size(); i++) {
            Variable variable = variables.get(i);
            if (variable.slot() == slot && ends[element] >= variable.start() && ends[element] <= variable.end()) {
                return depth(i);
            }
        }
        return -1;
    }

    /** The number of parallel loops around the {@code i}-th one. */
    private int depth(int i) {
        int depth = 0;
        for (int outer = 0; outer < i; outer++) {
            if (variables.get(outer).end() >= variables.get(i).end()) {
                depth++;
            }
        }
        return depth;
    }
}
