package dev.kvasir.sim.rewrite;

import dev.kvasir.sim.run.Access;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the arguments that a kernel reads and writes. As in TornadoVM, the result comes from the code, not from a run.
 */
final class AccessAnalysis {
    private final KernelProgram program;
    private final Map<SourceMethod, Access[]> known = new HashMap<>();

    AccessAnalysis(KernelProgram program) {
        this.program = program;
    }

    Access[] accesses() {
        return of(program.kernel());
    }

    private Access[] of(SourceMethod method) {
        Access[] done = known.get(method);
        if (done != null) {
            return done;
        }
        var accesses = new Access[method.type().parameterCount()];
        Arrays.fill(accesses, Access.NONE);
        Origins.visit(method, (call, origins, line) -> note(method, call, origins, accesses));
        known.put(method, accesses);
        return accesses;
    }

    private void note(SourceMethod method, InvokeInstruction call, int[] origins, Access[] accesses) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (ApiNames.isArray(owner) && call.opcode() == Opcode.INVOKEVIRTUAL) {
            Access access = name.startsWith("set") ? Access.WRITE : name.equals("getSize") ? Access.NONE : Access.READ;
            add(method, accesses, origins[0], "L" + owner + ";", access);
        } else if (owner.equals(ApiNames.CONTEXT)) {
            if (name.equals("atomicAdd")) {
                add(method, accesses, origins[1], call.typeSymbol().parameterType(0).descriptorString(),
                        Access.READ_WRITE);
            } else if (name.equals("mmaStore")) {
                add(method, accesses, origins[2], call.typeSymbol().parameterType(1).descriptorString(), Access.WRITE);
            }
        } else if (call.opcode() == Opcode.INVOKESTATIC && ApiNames.isHelper(owner)) {
            SourceMethod helper = program.helper(call);
            Access[] inside = of(helper);
            for (int i = 0; i < inside.length; i++) {
                if (inside[i] != Access.NONE) {
                    add(method, accesses, origins[i], helper.type().parameterType(i).descriptorString(), inside[i]);
                }
            }
        }
    }

    /** Adds an access. If the array may be any parameter, the access is added to all parameters of its type. */
    private static void add(SourceMethod method, Access[] accesses, int parameter, String type, Access access) {
        for (int i = 0; i < accesses.length; i++) {
            boolean maybe = parameter == Origins.OTHER
                    && method.type().parameterType(i).descriptorString().equals(type);
            if (i == parameter || maybe) {
                accesses[i] = accesses[i].and(access);
            }
        }
    }
}
