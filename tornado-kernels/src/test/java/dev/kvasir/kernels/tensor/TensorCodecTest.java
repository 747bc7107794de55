package dev.kvasir.kernels.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TensorCodecTest {
    private static final JsonNode BLOCKS = read();

    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = "F32", mode = EnumSource.Mode.EXCLUDE)
    void decodesWhatGgmlDecodes(TensorType type) {
        JsonNode blocks = BLOCKS.get(type.name());
        byte[] bytes = HexFormat.of().parseHex(blocks.get("hex").textValue());
        float[] expected = floats(blocks.get("values"));
        float[] decoded = new float[expected.length + 2];

        TensorCodec.of(type).decode(MemorySegment.ofArray(bytes), 0, decoded, 1, expected.length);

        for (int i = 0; i < expected.length; i++) {
            assertThat(decoded[i + 1]).as("%s element %d", type, i).isEqualTo(expected[i]);
        }
        assertThat(decoded[0]).isZero();
        assertThat(decoded[expected.length + 1]).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = {"Q8_0", "Q4_0"})
    void encodesWhatGgmlEncodes(TensorType type) {
        for (JsonNode sample : BLOCKS.get("quantize").get(type.name())) {
            float[] input = floats(sample.get("input"));
            byte[] encoded = new byte[(int) type.bytes(input.length)];

            TensorCodec.of(type).encode(input, 0, input.length, MemorySegment.ofArray(encoded), 0);

            assertThat(HexFormat.of().formatHex(encoded)).as(sample.get("case").textValue())
                    .isEqualTo(sample.get("hex").textValue());
        }
    }

    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = {"F32", "F16", "BF16"})
    void floatTypesKeepWhatTheyCanHold(TensorType type) {
        float[] input = {0f, -0f, 1f, -1.5f, 0.25f, 96f, Float.POSITIVE_INFINITY};
        byte[] encoded = new byte[(int) type.bytes(input.length)];
        float[] decoded = new float[input.length];

        TensorCodec.of(type).encode(input, 0, input.length, MemorySegment.ofArray(encoded), 0);
        TensorCodec.of(type).decode(MemorySegment.ofArray(encoded), 0, decoded, 0, input.length);

        assertThat(decoded).containsExactly(input);
    }

    @Test
    void brainFloatRoundsToNearestEvenAndKeepsNan() {
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3f808000))).isEqualTo((short) 0x3f80);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3f818000))).isEqualTo((short) 0x3f82);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3f808001))).isEqualTo((short) 0x3f81);
        assertThat(BFloat16.toFloat(BFloat16.fromFloat(Float.NaN))).isNaN();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 33, -32})
    void refusesPartOfABlock(int elements) {
        TensorCodec codec = TensorCodec.of(TensorType.Q8_0);
        assertThatThrownBy(() -> codec.decode(MemorySegment.ofArray(new byte[68]), 0, new float[64], 0, elements))
                .hasMessageContaining("whole number of Q8_0 blocks of 32");
    }

    @Test
    void saysWhichTypesItDoesNotWrite() {
        TensorCodec codec = TensorCodec.of(TensorType.Q6_K);
        assertThat(codec.canEncode()).isFalse();
        assertThatThrownBy(() -> codec.encode(new float[256], 0, 256, MemorySegment.ofArray(new byte[210]), 0))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Q6_K");
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).isTextual()
                    ? Float.parseFloat(array.get(i).textValue())
                    : Float.parseFloat(array.get(i).asText());
        }
        return values;
    }

    private static JsonNode read() {
        try (var in = TensorCodecTest.class.getResourceAsStream("blocks.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
