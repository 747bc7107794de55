package dev.kvasir.lab.question;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MetricTest {
    private static double score(Metric metric, String answer, String reference, String... classes) {
        return metric.of(answer, reference, List.of(classes));
    }

    @Test
    void f1IsOfWordsWithoutArticlesAndPunctuation() {
        assertThat(score(Metric.F1, "The King, Olav!", "king olav")).isEqualTo(1);
        // "king" of 2 words and of 3: P = 1/2, R = 1/3
        assertThat(score(Metric.F1, "king john", "king olav of")).isEqualTo(0.4, within(1e-12));
        assertThat(score(Metric.F1, "king king", "king")).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(score(Metric.F1, "", "king")).isZero();
    }

    @Test
    void chineseIsComparedByCharacters() {
        assertThat(score(Metric.F1_CHARACTERS, "北京。", "北京")).isEqualTo(1);
        assertThat(score(Metric.ROUGE_L_CHARACTERS, "京北", "北京")).isEqualTo(0.5);
    }

    @Test
    void rougeIsOfTheLongestCommonSubsequence() {
        // police … the gunman: 3 words of 4 in order
        assertThat(score(Metric.ROUGE_L, "police kill the gunman", "police killed the gunman")).isEqualTo(0.75);
        assertThat(score(Metric.ROUGE_L, "the gunman kill police", "police killed the gunman")).isEqualTo(0.5);
    }

    @Test
    void aClassCountsLessIfOthersAreNamedToo() {
        assertThat(score(Metric.CLASSIFICATION, "City", "City", "City", "Date")).isEqualTo(1);
        assertThat(score(Metric.CLASSIFICATION, "City or Date", "City", "City", "Date")).isEqualTo(0.5);
        assertThat(score(Metric.CLASSIFICATION, "Date", "City", "City", "Date")).isZero();
        assertThat(score(Metric.CLASSIFICATION, "Other place", "Other place", "Other place", "place")).isEqualTo(1);
    }

    @Test
    void paragraphsAndCountsAreSharesOfTheNumbersGiven() {
        assertThat(score(Metric.RETRIEVAL, "Paragraph 12", "Paragraph 12")).isEqualTo(1);
        assertThat(score(Metric.RETRIEVAL, "1 or 12", "Paragraph 12")).isEqualTo(0.5);
        assertThat(score(Metric.RETRIEVAL, "none", "Paragraph 12")).isZero();
        assertThat(score(Metric.COUNT, "There are 3.", "3")).isEqualTo(1);
    }

    @Test
    void codeIsComparedByItsFirstLineThatIsNoRemark() {
        assertThat(score(Metric.CODE_SIMILARITY, "\n# sum\nreturn a + b\nreturn c", "return a + b")).isEqualTo(1);
        // "ab" of "abc" and "abd": 2 · 2 / 6
        assertThat(score(Metric.CODE_SIMILARITY, "abc", "abd")).isEqualTo(0.67);
    }

    @Test
    void theNearestReferenceCounts() {
        assertThat(Metric.F1.best("olav", List.of("harald", "olav"), List.of())).isEqualTo(1);
    }

    @Test
    void anAnswerContainsTheReferenceAsWholeWords() {
        assertThat(score(Metric.CONTAINED, "It is the City of Oslo.", "city of oslo")).isEqualTo(1);
        assertThat(score(Metric.CONTAINED, "the number is 4821", "482")).isZero();
        assertThat(score(Metric.CONTAINED, "Oslo, city", "city Oslo")).isZero();
        assertThat(score(Metric.CONTAINED, "C++ or C", "++")).isEqualTo(1); // nothing but punctuation: letter by letter
        assertThat(score(Metric.CONTAINED, "答案是北京。", "北京")).isEqualTo(1);
    }

    @Test
    void anExactAnswerHasNothingElse() {
        assertThat(score(Metric.EXACT, " The Oslo.", "oslo")).isEqualTo(1);
        assertThat(score(Metric.EXACT, "Oslo city", "oslo")).isZero();
        assertThat(score(Metric.EXACT, "北京。", "北京")).isEqualTo(1);
        assertThat(score(Metric.EXACT, "+", "-")).isZero();
    }

    @Test
    void theBestF1IsByCharactersWhereWordsHaveNoSpaces() {
        assertThat(Metric.bestF1("北京", List.of("Peking", "北京市"))).isEqualTo(0.8, within(1e-12));
        assertThat(Metric.bestF1("king john", List.of("x", "king olav of"))).isEqualTo(0.4, within(1e-12));
    }
}
