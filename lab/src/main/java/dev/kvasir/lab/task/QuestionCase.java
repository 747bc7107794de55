package dev.kvasir.lab.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.lab.data.JsonLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A context and the questions about it: a line of the user's file.
 *
 * <pre>
 * {"context": "…", "questions": ["…", "…"], "answers": ["…", ["…", "…"]]}
 * {"context": "…", "question": "…", "answer": "…"}
 * </pre>
 *
 * An answer is a text or a number, or a list of those of which each is right.
 *
 * @param answers the right answers to each question
 */
record QuestionCase(String context, List<String> questions, List<List<String>> answers) {
    private static final String CONTEXT = "context";
    private static final String QUESTION = "question";
    private static final String QUESTIONS = "questions";
    private static final String ANSWER = "answer";
    private static final String ANSWERS = "answers";
    private static final String ANSWER_KIND = "text or list of texts";

    /** The problem of a line that is no such case, if it has one. */
    static Optional<String> problem(JsonNode line) {
        return JsonLines.missingText(line, CONTEXT).or(() -> {
            if (line.has(QUESTION) && line.has(QUESTIONS)) {
                return Optional.of("has both 'question' and 'questions': keep one of them");
            }
            if (line.has(ANSWER) && line.has(ANSWERS)) {
                return Optional.of("has both 'answer' and 'answers': keep one of them");
            }
            return line.has(QUESTIONS) ? problemOfMany(line) : problemOfOne(line);
        });
    }

    private static Optional<String> problemOfOne(JsonNode line) {
        if (!line.path(QUESTION).isTextual()) {
            return Optional.of(JsonLines.wrong(line, QUESTION, "text"));
        }
        String key = line.has(ANSWERS) ? ANSWERS : ANSWER;
        return areAnswers(line.path(key)) ? Optional.empty() : Optional.of(JsonLines.wrong(line, key, ANSWER_KIND));
    }

    private static Optional<String> problemOfMany(JsonNode line) {
        JsonNode questions = line.path(QUESTIONS);
        if (!questions.isArray() || questions.isEmpty()) {
            return Optional.of(JsonLines.wrong(line, QUESTIONS, "list of texts"));
        }
        JsonNode answers = line.path(ANSWERS);
        if (!answers.isArray()) {
            return Optional.of(JsonLines.wrong(line, ANSWERS, "list with an answer to each question"));
        }
        if (questions.size() != answers.size()) {
            return Optional
                    .of("has %d questions and %d answers: give one answer to each question, or a list of the right ones"
                            .formatted(questions.size(), answers.size()));
        }
        for (int i = 0; i < questions.size(); i++) {
            if (!questions.path(i).isTextual()) {
                return Optional.of("question %d is not a text".formatted(i + 1));
            }
            if (!areAnswers(answers.path(i))) {
                return Optional.of("answer %d is not a %s".formatted(i + 1, ANSWER_KIND));
            }
        }
        return Optional.empty();
    }

    private static boolean areAnswers(JsonNode node) {
        if (!node.isArray()) {
            return isAnswer(node);
        }
        for (JsonNode one : node) {
            if (!isAnswer(one)) {
                return false;
            }
        }
        return !node.isEmpty();
    }

    private static boolean isAnswer(JsonNode node) {
        return node.isNumber() || (node.isTextual() && !node.asText().isBlank());
    }

    /** The case of a line without a problem. */
    static QuestionCase of(JsonNode line) {
        List<String> questions = new ArrayList<>();
        List<List<String>> answers = new ArrayList<>();
        if (line.has(QUESTIONS)) {
            line.path(QUESTIONS).forEach(question -> questions.add(question.asText()));
            line.path(ANSWERS).forEach(answer -> answers.add(texts(answer)));
        } else {
            questions.add(line.path(QUESTION).asText());
            answers.add(texts(line.has(ANSWERS) ? line.path(ANSWERS) : line.path(ANSWER)));
        }
        return new QuestionCase(line.path(CONTEXT).asText(), questions, answers);
    }

    private static List<String> texts(JsonNode answer) {
        List<String> texts = new ArrayList<>();
        if (answer.isArray()) {
            answer.forEach(one -> texts.add(one.asText()));
        } else {
            texts.add(answer.asText());
        }
        return texts;
    }
}
