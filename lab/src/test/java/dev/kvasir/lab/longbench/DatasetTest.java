package dev.kvasir.lab.longbench;

import dev.kvasir.lab.question.SplitPrompt;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DatasetTest {
    @Test
    void promptsAreSplitBehindTheContext() {
        SplitPrompt prompt = Dataset.ofFile("hotpotqa_e.jsonl").orElseThrow().fill("A {input} text.", "Who?");

        assertThat(prompt.context()).startsWith("Answer the question").endsWith("given passages.\nA {input} text.");
        assertThat(prompt.question()).startsWith("\n\nAnswer the question").endsWith("Question: Who?\nAnswer:");
    }

    @Test
    void whereExamplesWereGivenOnlyTheFirstLineCounts() {
        assertThat(Dataset.ofFile("trec.jsonl").orElseThrow().counted("\nCity\nQuestion: …")).isEqualTo("City");
        assertThat(Dataset.ofFile("qmsum.jsonl").orElseThrow().counted("One.\nTwo.")).isEqualTo("One.\nTwo.");
    }

    @Test
    void otherFilesAreNone() {
        assertThat(Dataset.ofFile("passkey.jsonl")).isEmpty();
    }

    @Test
    void longPromptsLoseTheirMiddle() {
        var tokens = new SplitPrompt.Tokens(new int[]{1, 2, 3, 4, 5, 6, 7}, new int[]{8, 9});

        assertThat(tokens.withoutMiddle(7).context()).containsExactly(1, 2, 5, 6, 7);
        assertThat(tokens.withoutMiddle(9)).isSameAs(tokens);
    }
}
