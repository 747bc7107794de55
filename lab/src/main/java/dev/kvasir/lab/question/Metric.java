package dev.kvasir.lab.question;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The score of an answer against a reference, from 0 to 1. */
public enum Metric {
    /**
     * Whether the words of the reference stand in the answer, next to each other and in their order; articles,
     * punctuation and capitals do not count. A reference in Chinese or Japanese is compared by characters.
     */
    CONTAINED {
        @Override
        double of(String answer, String reference, List<String> classes) {
            List<String> wanted = units(reference, reference);
            boolean isThere = wanted.isEmpty()
                    ? answer.contains(reference.strip())
                    : Collections.indexOfSubList(units(answer, reference), wanted) >= 0;
            return isThere ? 1 : 0;
        }
    },
    /** Whether the answer is the reference, compared in the same way. */
    EXACT {
        @Override
        double of(String answer, String reference, List<String> classes) {
            List<String> wanted = units(reference, reference);
            boolean isSame = wanted.isEmpty()
                    ? answer.strip().equals(reference.strip())
                    : units(answer, reference).equals(wanted);
            return isSame ? 1 : 0;
        }
    },
    /** Harmonic mean of precision and recall of the words, articles and punctuation left out. */
    F1 {
        @Override
        double of(String answer, String reference, List<String> classes) {
            return f1(words(answer), words(reference));
        }
    },
    /** The same over characters, for Chinese. The benchmark itself splits words with jieba. */
    F1_CHARACTERS {
        @Override
        double of(String answer, String reference, List<String> classes) {
            return f1(characters(answer), characters(reference));
        }
    },
    /** Harmonic mean of precision and recall of the longest common subsequence of words. */
    ROUGE_L {
        @Override
        double of(String answer, String reference, List<String> classes) {
            return rouge(split(answer), split(reference));
        }
    },
    /** The same over characters, for Chinese. */
    ROUGE_L_CHARACTERS {
        @Override
        double of(String answer, String reference, List<String> classes) {
            return rouge(characters(answer), characters(reference));
        }
    },
    /** One over the number of class names in the answer, if the right one is among them. */
    CLASSIFICATION {
        @Override
        double of(String answer, String reference, List<String> classes) {
            // a class whose name is part of the right one, such as "date" in "date of birth", does not count as another
            // answer
            long named = classes.stream()
                    .filter(answer::contains)
                    .filter(name -> name.equals(reference) || !reference.contains(name))
                    .count();
            return answer.contains(reference) && classes.contains(reference) ? 1.0 / named : 0;
        }
    },
    /** The share of the right paragraph among the numbers of the answer. */
    RETRIEVAL {
        @Override
        double of(String answer, String reference, List<String> classes) {
            Matcher number = NUMBER.matcher(reference);
            return number.find() ? shareOfNumber(answer, number.group()) : 0;
        }
    },
    /** The share of the right count among the numbers of the answer. */
    COUNT {
        @Override
        double of(String answer, String reference, List<String> classes) {
            return shareOfNumber(answer, reference.strip());
        }
    },
    /**
     * Twice the longest common subsequence divided by the sum of both lengths, for the first line of code, rounded to
     * whole percent.
     */
    CODE_SIMILARITY {
        @Override
        double of(String answer, String reference, List<String> classes) {
            String code = answer.replaceFirst("^\\n+", "")
                    .lines()
                    .filter(line -> !line.contains("`") && !line.contains("#") && !line.contains("//"))
                    .findFirst()
                    .orElse("");
            int letters = code.length() + reference.length();
            int common = common(code.chars().boxed().toList(), reference.chars().boxed().toList());
            return letters == 0 ? 0 : Math.round(100.0 * 2 * common / letters) / 100.0;
        }
    };

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b");
    private static final Pattern ASCII_PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ALL_PUNCTUATION = Pattern.compile("[\\p{P}\\p{S}\\s]");
    private static final Pattern UNSPACED = Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** The score of an answer against one reference; {@code classes} has the names of all classes, if there are any. */
    abstract double of(String answer, String reference, List<String> classes);

    /** The best score against any of the references. */
    public double best(String answer, List<String> references, List<String> classes) {
        return references.stream().mapToDouble(reference -> of(answer, reference, classes)).max().orElse(0);
    }

    /** The best {@link #F1} against any of the references; of characters for scripts without spaces between words. */
    public static double bestF1(String answer, List<String> references) {
        return references.stream()
                .mapToDouble(one -> (UNSPACED.matcher(one).find() ? F1_CHARACTERS : F1).of(answer, one, List.of()))
                .max()
                .orElse(0);
    }

    /** What a reference is compared by: characters if it is of a script without spaces between words, else words. */
    private static List<String> units(String text, String reference) {
        return UNSPACED.matcher(reference).find() ? characters(text) : words(text);
    }

    private static List<String> words(String text) {
        String bare = ASCII_PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return split(ARTICLES.matcher(bare).replaceAll(" "));
    }

    private static List<String> split(String text) {
        return Arrays.stream(SPACE.split(text.strip())).filter(word -> !word.isEmpty()).toList();
    }

    private static List<String> characters(String text) {
        String bare = ALL_PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return bare.codePoints().mapToObj(Character::toString).toList();
    }

    private static double f1(List<String> answer, List<String> reference) {
        Map<String, Integer> left = new HashMap<>();
        reference.forEach(word -> left.merge(word, 1, Integer::sum));
        int same = 0;
        for (String word : answer) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                same++;
            }
        }
        return harmonic(same, answer.size(), reference.size());
    }

    private static double rouge(List<String> answer, List<String> reference) {
        return harmonic(common(answer, reference), answer.size(), reference.size());
    }

    /** {@code 2 P R / (P + R)} with {@code P = same / answer} and {@code R = same / reference}. */
    private static double harmonic(int same, int answer, int reference) {
        return same == 0 ? 0 : 2.0 * same / (answer + reference);
    }

    /** Length of the longest common subsequence. */
    private static int common(List<?> a, List<?> b) {
        int[] before = new int[b.size() + 1];
        for (Object item : a) {
            int[] now = new int[b.size() + 1];
            for (int j = 1; j <= b.size(); j++) {
                now[j] = Objects.equals(item, b.get(j - 1)) ? before[j - 1] + 1 : Math.max(before[j], now[j - 1]);
            }
            before = now;
        }
        return before[b.size()];
    }

    private static double shareOfNumber(String answer, String right) {
        List<String> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(answer);
        while (matcher.find()) {
            numbers.add(matcher.group());
        }
        long same = numbers.stream().filter(right::equals).count();
        return numbers.isEmpty() ? 0 : (double) same / numbers.size();
    }
}
