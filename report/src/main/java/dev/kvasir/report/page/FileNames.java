package dev.kvasir.report.page;

import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Exhibit;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The files of plots, named for their titles: {@code plots/accuracy-by-length}, without the ending. */
public final class FileNames {
    private final Map<Exhibit, String> names = new IdentityHashMap<>();

    /** Names for all exhibits of these sections. */
    public FileNames(List<ReportSection> sections) {
        Set<String> taken = new HashSet<>();
        for (ReportSection section : sections) {
            for (Exhibit exhibit : section.exhibits()) {
                String plain = slug(exhibit.title());
                String name = plain;
                for (int n = 2; !taken.add(name); n++) {
                    name = plain + "-" + n;
                }
                names.put(exhibit, "plots/" + name);
            }
        }
    }

    /** The file of one of the exhibits, relative to the page, without its ending. */
    public String of(Exhibit exhibit) {
        String name = names.get(exhibit);
        if (name == null) {
            throw new IllegalArgumentException("\"" + exhibit.title() + "\" is not part of this report");
        }
        return name;
    }

    private static String slug(String title) {
        String letters = Normalizer.normalize(title, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        String whole = letters.length() > 60 ? letters.substring(0, 60).replaceAll("-$", "") : letters;
        return whole.isEmpty() ? "plot" : whole;
    }
}
