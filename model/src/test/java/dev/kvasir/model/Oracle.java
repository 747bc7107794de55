package dev.kvasir.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What llama.cpp made of a model, with the weights exact: see {@code oracle/README.md}.
 *
 * @param tokens the prompt
 * @param positions the positions with known logits
 * @param logits their first entries, {@code [positions][64]}
 * @param rounded the same with activations rounded as llama.cpp does it: to 8 bits before it multiplies quantised weights
 * @param argmax the most likely token behind each token of the prompt; empty if not known
 * @param greedy the tokens that follow, each the most likely
 */
record Oracle(int[] tokens, int[] positions, float[][] logits, float[][] rounded, int[] argmax, int[] greedy) {

    static Oracle of(String name) {
        try {
            JsonNode json = new ObjectMapper().readTree(resource("oracle/" + name + ".json").toFile());
            String twin = json.has("logits_f32_twin") ? "_f32_twin" : "";
            return new Oracle(ints(json.get("tokens")), ints(json.get("positions")),
                    rows(json.get("logits" + twin)), rows(json.get("logits")),
                    json.has("argmax") ? ints(json.get("argmax" + twin)) : new int[0], ints(json.get("greedy" + twin)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path gguf(String name) {
        return resource(name.equals("stories260K") ? "stories260k/stories260K-f32.gguf" : "oracle/" + name + ".gguf");
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Oracle.class.getClassLoader().getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[][] rows(JsonNode array) {
        float[][] rows = new float[array.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = floats(array.get(i));
        }
        return rows;
    }

    private static int[] ints(JsonNode array) {
        int[] ints = new int[array.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = array.get(i).asInt();
        }
        return ints;
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = array.get(i).floatValue();
        }
        return floats;
    }
}
