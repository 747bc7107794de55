package dev.kvasir.sim.run;

import java.util.List;

/**
 * The properties of a kernel that a launch needs.
 *
 * @param name {@code Class.method}
 * @param usesContext whether it runs once for each work-item of a grid; otherwise it has parallel loops
 * @param arguments its arguments
 * @param barriers its barriers, numbered from 1
 * @param sites the places where it accesses memory, by the number that its checked code passes
 * @param locals names of its local arrays, by their allocation's number
 * @param checked whether its code has checks
 */
public record KernelCode(String name, boolean usesContext, List<Argument> arguments, List<Site> barriers,
        List<Site> sites, List<String> locals, boolean checked) {

    /**
     * An argument of a kernel.
     *
     * @param name its name in the source
     * @param access how the kernel uses it
     * @param reduced whether a parallel loop reduces into it, so that several iterations may access one element
     */
    public record Argument(String name, Access access, boolean reduced) {}

    /** The barrier of this number, from 1. */
    Site barrier(int number) {
        return barriers.get(number - 1);
    }

    /** Whether two work-items may access the same element of the argument. */
    boolean mayRace(int argument) {
        return arguments.get(argument).access().writes() && !arguments.get(argument).reduced();
    }
}
