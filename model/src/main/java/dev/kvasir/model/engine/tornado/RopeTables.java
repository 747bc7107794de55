package dev.kvasir.model.engine.tornado;

import dev.kvasir.model.transformer.Rope;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The angles of all positions of a context, computed in double precision.
 *
 * @param cos {@code [positions][pairs]}
 * @param sin {@code [positions][pairs]}
 */
record RopeTables(FloatArray cos, FloatArray sin) {

    static RopeTables of(Rope rope, int positions) {
        int pairs = rope.pairs();
        float[] cosines = new float[Math.multiplyExact(positions, pairs)];
        float[] sines = new float[cosines.length];
        for (int position = 0; position < positions; position++) {
            rope.angles(position, cosines, sines, position * pairs);
        }
        return new RopeTables(FloatArray.fromArray(cosines), FloatArray.fromArray(sines));
    }
}
