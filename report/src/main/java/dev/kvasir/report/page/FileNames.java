package dev.kvasir.report.page;

import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Figure;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The file names of plots, made from their titles: {@code plots/accuracy-by-length}, without the extension. */
public final class FileNames {
    private final Map<Figure, String> names = new IdentityHashMap<>();

    /** Names for all figures of these sections. */
    public FileNames(List<ReportSection> sections) {
        Set<String> taken = new HashSet<>();
        for (ReportSection section : sections) {
            for (Figure figure : section.figures()) {
                String plain = slug(figure.title());
                String name = plain;
                for (int n = 2; !taken.add(name); n++) {
                    name = plain + "-" + n;
                }
                names.put(figure, "plots/" + name);
            }
        }
    }

    /** The file of one of the figures, relative to the page, without its extension. */
    public String of(Figure figure) {
        String name = names.get(figure);
        if (name == null) {
            throw new IllegalArgumentException("\"" + figure.title() + "\" is not part of this report");
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
