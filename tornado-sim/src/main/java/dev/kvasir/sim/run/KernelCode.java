package dev.kvasir.sim.run;

import java.util.List;

/**
 * What a launch has to know of a kernel.
 *
 * @param name {@code Class.method}
 * @param usesContext whether it runs once for each work-item of a grid; otherwise its loops are the parallel ones
 * @param arguments its arguments
 * @param barriers its barriers, numbered from 1
 * @param sites the places where it uses memory, by the number that its checked code passes
 * @param locals names of its local arrays, by their allocation's number
 * @param checked whether its code asks for checks
 */
public record KernelCode(String name, boolean usesContext, List<Argument> arguments, List<Site> barriers,
        List<Site> sites, List<String> locals, boolean checked) {

    /**
     * An argument of a kernel.
     *
     * @param name its name in the source
     * @param access what the kernel does with it
     * @param reduced whether a parallel loop reduces into it, so that its iterations may meet there
     */
    public record Argument(String name, Access access, boolean reduced) {}

    /** The barrier of this number, from 1. */
    Site barrier(int number) {
        return barriers.get(number - 1);
    }

    /** Whether two work-items can meet in the argument's elements. */
    boolean mayRace(int argument) {
        return arguments.get(argument).access().writes() && !arguments.get(argument).reduced();
    }
}
