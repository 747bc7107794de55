package dev.kvasir.guide;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who uses whom, without the arrows that others imply. */
final class Arrows {
    private Arrows() {}

    /** The least set of arrows from which all follow; of a circle all arrows stay. */
    static Map<String, Set<String>> reduced(Map<String, Set<String>> uses) {
        Map<String, Set<String>> reduced = new TreeMap<>();
        uses.forEach((from, targets) -> {
            Set<String> direct = new TreeSet<>();
            for (String to : targets) {
                boolean implied = targets.stream()
                        .filter(via -> !via.equals(to))
                        .anyMatch(via -> reaches(uses, via, to, Set.of(from)));
                if (!implied) {
                    direct.add(to);
                }
            }
            reduced.put(from, direct);
        });
        return reduced;
    }

    private static boolean reaches(Map<String, Set<String>> uses, String from, String to, Set<String> seen) {
        if (from.equals(to)) {
            return true;
        }
        if (seen.contains(from)) {
            return false;
        }
        Set<String> wider = new TreeSet<>(seen);
        wider.add(from);
        return uses.getOrDefault(from, Set.of()).stream().anyMatch(next -> reaches(uses, next, to, wider));
    }
}
