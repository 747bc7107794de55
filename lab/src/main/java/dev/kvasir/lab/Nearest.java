package dev.kvasir.lab;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the nearest of several names for a mistyped one. */
public final class Nearest {
    private Nearest() {}

    /** The name with the fewest edits from {@code word}, if they are fewer than half its letters. */
    public static Optional<String> to(String word, Collection<String> names) {
        return names.stream()
                .filter(name -> 2 * edits(word, name) <= Math.max(word.length(), 3))
                .min(Comparator.comparingInt(name -> edits(word, name)));
    }

    /** {@code "; did you mean …?"}, or nothing. */
    public static String hint(String word, Collection<String> names) {
        return to(word, names).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** Letters to insert, delete or replace, and neighbours to swap (optimal string alignment). */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] oldest = beforeLast;
            beforeLast = last;
            last = row;
            row = oldest;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(last[j - 1] + (same ? 0 : 1), 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
