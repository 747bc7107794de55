package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class NeedleTextTest {
    private static final Tokenizer TOKENIZER = BundledTokenizer.TOKENIZER;

    private static String text(int[] tokens) {
        return TOKENIZER.decode(tokens, DecodeOptions.CONTINUATION);
    }

    private static NeedleText made(NeedleTask task, Wording wording) {
        return NeedleText.of(task, wording, TOKENIZER, 3000, 11);
    }

    @ParameterizedTest
    @EnumSource
    void allThatIsAskedForIsInTheContextAndTheTextHasItsLength(NeedleTask task) {
        NeedleText made = made(task, Wording.ORIGINAL);

        assertThat(made.answers()).isNotEmpty()
                .allSatisfy(answer -> assertThat(text(made.context())).contains(answer));
        assertThat(made.context().length + made.questions().get(0).length).isBetween(2900, 3000);
        assertThat(made.capacity()).isGreaterThan(made.context().length + made.answerTokens());
    }

    @ParameterizedTest
    @EnumSource(names = {"SINGLE", "MULTI_KEY", "MULTI_VALUE", "MULTI_QUERY"})
    void theBundledModelsNeedlesHaveTheVeryLengthAndAQuestionForEachAnswer(NeedleTask task) {
        NeedleText made = made(task, Wording.NEEDLE_3M);
        int asked = made.questions().stream().mapToInt(question -> question.length).sum();

        assertThat(made.context().length + asked).isEqualTo(3000);
        assertThat(made.questions()).hasSameSizeAs(made.answers());
        assertThat(made.answers()).hasSize(task.queries() * task.numbers())
                .allSatisfy(answer -> assertThat(text(made.context()))
                        .contains("is %s. Remember it. %s is the".formatted(answer, answer)));
        assertThat(text(made.context()).split("Remember it", -1)).hasSize(task.keys() * task.numbers() + 1);
    }

    @Test
    void commonWordsAreTheMostCommonOnes() {
        NeedleText made = made(NeedleTask.COMMON_WORDS, Wording.ORIGINAL);
        Map<String, Long> counts = Arrays.stream(text(made.context()).split("\n", 2)[1].split(" "))
                .filter(word -> !word.isBlank() && !word.endsWith("."))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(most(counts, 10)).containsExactlyInAnyOrderElementsOf(made.answers());
    }

    @Test
    void frequentWordsAreTheMostFrequentBehindTheDots() {
        NeedleText made = made(NeedleTask.FREQUENT_WORDS, Wording.ORIGINAL);
        Map<String, Long> counts = Arrays.stream(text(made.context()).split("coded words\\. ", 2)[1].split(" "))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(most(counts, 4)).containsExactly("....", made.answers().get(0), made.answers().get(1),
                made.answers().get(2));
    }

    private static List<String> most(Map<String, Long> counts, int n) {
        return counts.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(n)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void variablesHoldTheValueFromHandToHand() {
        String context = text(made(NeedleTask.TRACKING, Wording.ORIGINAL).context());
        List<String> variables = made(NeedleTask.TRACKING, Wording.ORIGINAL).answers();

        assertThat(variables).hasSize(5);
        for (int i = 1; i < variables.size(); i++) {
            assertThat(context).contains("VAR %s = VAR %s\n".formatted(variables.get(i), variables.get(i - 1)));
        }
    }

    @Test
    void theScoreIsTheShareOfAnswersGiven() {
        var text = new NeedleText(new int[0], List.of(), List.of("123", "ABC", "zzz"), 1);

        assertThat(text.score("they are 123, abc.")).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(text.score("")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void tooFewTokensAreASentence(NeedleTask task) {
        for (Wording wording : Wording.values()) {
            assertThatThrownBy(() -> NeedleText.of(task, wording, TOKENIZER, 30, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("raise --length");
        }
    }
}
