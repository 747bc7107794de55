package dev.kvasir.sim.run;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The current work-item. Rewritten kernels read their indices here. A launch has one such object and updates it for
 * each work-item.
 */
public final class WorkItem {
    /** Index in the grid, x. */
    public int globalX;
    /** Index in the grid, y. */
    public int globalY;
    /** Index in the grid, z. */
    public int globalZ;
    /** Index in the group, x. */
    public int localX;
    /** Index in the group, y. */
    public int localY;
    /** Index in the group, z. */
    public int localZ;
    /** Index of the group, x. */
    public int groupX;
    /** Index of the group, y. */
    public int groupY;
    /** Index of the group, z. */
    public int groupZ;
    /** Work-items of the grid, x. */
    public int globalSizeX;
    /** Work-items of the grid, y. */
    public int globalSizeY;
    /** Work-items of the grid, z. */
    public int globalSizeZ;
    /** Work-items of a group, x. */
    public int localSizeX;
    /** Work-items of a group, y. */
    public int localSizeY;
    /** Work-items of a group, z. */
    public int localSizeZ;
    /** Number in the group, x fastest. */
    public int lane;

    final LocalMemory local = new LocalMemory();
    private @Nullable Checker checker;

    /** The checks of the launch. They exist only if the kernel's code has checks. */
    Checker checker() {
        return Objects.requireNonNull(checker);
    }

    boolean isChecked() {
        return checker != null;
    }

    void checkWith(@Nullable Checker checker) {
        this.checker = checker;
    }

    /** Sets the value of a parallel loop's variable. The iteration counts as a work-item. */
    public void iterate(int value, int dimension) {
        switch (dimension) {
            case 0 -> globalX = value;
            case 1 -> globalY = value;
            default -> globalZ = value;
        }
        checker().iterate();
    }

    @Override
    public String toString() {
        return "work-item global (" + globalX + ", " + globalY + ", " + globalZ + "), group (" + groupX + ", " + groupY
                + ", " + groupZ + "), local (" + localX + ", " + localY + ", " + localZ + ")";
    }
}
