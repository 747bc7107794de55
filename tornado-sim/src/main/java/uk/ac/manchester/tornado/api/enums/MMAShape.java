package uk.ac.manchester.tornado.api.enums;

/** The shape of one instruction of a matrix unit: rows of A, columns of B, and their shared dimension. */
public enum MMAShape {
    /** Halves: 16 x 16 by 16 x 8. */
    M16N8K16("m16n8k16"),
    /** Bytes: 16 x 32 by 32 x 8. */
    M16N8K32("m16n8k32");

    private final String ptxName;

    MMAShape(String ptxName) {
        this.ptxName = ptxName;
    }

    /** The shape in the name of the instruction. */
    public String getPtxName() {
        return ptxName;
    }
}
