package dev.kvasir.lab.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QuestionCaseTest {
    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void assertProblem(String line, String problem) {
        assertThat(QuestionCase.problem(json(line))).contains(problem);
    }

    @Test
    void oneQuestionOrSeveralWithOneAnswerOrSeveralAreTheSame() {
        var one = new QuestionCase("c", List.of("q"), List.of(List.of("a")));

        for (String line : List.of("{'context':'c','question':'q','answer':'a'}",
                "{'context':'c','question':'q','answers':['a']}", "{'context':'c','questions':['q'],'answers':['a']}",
                "{'context':'c','questions':['q'],'answers':[['a']], 'id': 7}")) {
            assertThat(QuestionCase.problem(json(line))).as(line).isEmpty();
            assertThat(QuestionCase.of(json(line))).as(line).isEqualTo(one);
        }
        assertThat(QuestionCase.of(json("{'context':'c','questions':['p','q'],'answers':[7,['a','b']]}")))
                .isEqualTo(new QuestionCase("c", List.of("p", "q"), List.of(List.of("7"), List.of("a", "b"))));
    }

    @Test
    void whatIsMissingOrOfTheWrongKindIsNamed() {
        assertProblem("{'question':'q','answer':'a'}", "has no text 'context'");
        assertProblem("{'contxt':'c','question':'q','answer':'a'}", "has no text 'context', but 'contxt'");
        assertProblem("{'context':['c'],'question':'q','answer':'a'}", "'context' is a list and must be text");
        assertProblem("{'context':'c','answer':'a'}", "has no text 'question'");
        assertProblem("{'context':'c','question':3,'answer':'a'}", "'question' is the number 3 and must be text");
        assertProblem("{'context':'c','question':'q'}", "has no text or list of texts 'answer'");
        assertProblem("{'context':'c','question':'q','answer':null}",
                "'answer' is null and must be text or list of texts");
        assertProblem("{'context':'c','question':'q','answers':[]}",
                "'answers' is an empty list and must be text or list of texts");
        assertProblem("{'context':'c','questions':'q','answers':['a']}",
                "'questions' is the text 'q' and must be list of texts");
        assertProblem("{'context':'c','questions':['p','q'],'answers':['a']}",
                "has 2 questions and 1 answers: give one answer to each question, or a list of the right ones");
        assertProblem("{'context':'c','questions':['p',1],'answers':['a','b']}", "question 2 is not a text");
        assertProblem("{'context':'c','questions':['p','q'],'answers':['a',{}]}",
                "answer 2 is not a text or list of texts");
        assertProblem("{'context':'c','question':'q','questions':['q'],'answer':'a'}",
                "has both 'question' and 'questions': keep one of them");
    }
}
