package dev.kvasir.sim.rewrite;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.List;

/**
 * Finds the number of used low bits of a shifted value. Backends differ in the bits that enter when a negative value is
 * shifted. If a mask or a cast removes those bits, the shift is correct on all of them.
 */
final class UsedBits {
    private final List<CodeElement> elements;

    UsedBits(List<CodeElement> elements) {
        this.elements = elements;
    }

    /**
     * The number of bits of the result of the shift at {@code at} that are used by the next instructions, or after it
     * was stored.
     */
    int of(int at, int width) {
        if (at + 1 < elements.size() && elements.get(at + 1) instanceof StoreInstruction store) {
            int used = 0;
            for (int i = 0; i < elements.size(); i++) {
                if (elements.get(i) instanceof LoadInstruction load && load.slot() == store.slot()) {
                    used = Math.max(used, behind(i, width));
                }
            }
            return used;
        }
        return behind(at, width);
    }

    private int behind(int at, int width) {
        if (at + 1 >= elements.size()) {
            return width;
        }
        if (elements.get(at + 1) instanceof ConvertInstruction convert) {
            return switch (convert.toType()) {
                case BYTE -> 8;
                case SHORT, CHAR -> 16;
                case INT -> 32;
                default -> width;
            };
        }
        boolean masked = at + 2 < elements.size() && elements.get(at + 2) instanceof OperatorInstruction operator
                && (operator.opcode() == Opcode.IAND || operator.opcode() == Opcode.LAND);
        if (masked && elements.get(at + 1) instanceof Instruction next && next instanceof ConstantInstruction mask
                && mask.constantValue() instanceof Number number) {
            return Long.SIZE - Long.numberOfLeadingZeros(number.longValue());
        }
        return width;
    }
}
