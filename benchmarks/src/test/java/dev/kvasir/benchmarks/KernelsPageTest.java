package dev.kvasir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the table of operations in docs/kernels.md to the kernels, their tests and their benchmarks. */
class KernelsPageTest {
    private static final Path PAGE = Path.of("../docs/kernels.md");
    private static final Path KERNELS = Path.of("../tornado-kernels/src/main/java/dev/kvasir/kernels");
    private static final Path TESTS = Path.of("../tornado-kernels/src/test/java/dev/kvasir/kernels");
    private static final Path BENCHMARKS = Path.of("src/main/java/dev/kvasir/benchmarks");

    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    private static final List<String> FORMS = List.of("reference", "vector", "machine", "tornado", "tornado/ladder");

    /** A row of the table: the operation's folder, classes of each form, tests, benchmarks. */
    private record Row(String operation, List<List<String>> forms, List<String> tests, List<String> benchmarks) {
        static Row of(String line) {
            List<List<String>> cells = List.of(line.split("\\|"))
                    .stream()
                    .skip(1)
                    .map(KernelsPageTest::names)
                    .toList();
            assertThat(cells).as(line).hasSize(3 + FORMS.size());
            return new Row(cells.getFirst().getFirst(), cells.subList(1, 1 + FORMS.size()), cells.get(6),
                    cells.get(7));
        }
    }

    private static List<String> names(String text) {
        return NAME.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String between(String mark) throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf("<!-- " + mark + " -->"), page.indexOf("<!-- /" + mark + " -->"));
    }

    private static List<Row> rows() throws IOException {
        return between("operations").lines().filter(line -> line.startsWith("| `")).map(Row::of).toList();
    }

    /** Names of classes in files below a folder. */
    private static Set<String> classes(Path folder, Predicate<Path> chosen) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java") && chosen.test(folder.relativize(file)))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> form(String operation, String form) throws IOException {
        return classes(KERNELS.resolve(operation).resolve(form),
                file -> !form.equals("tornado") || !file.startsWith("ladder"));
    }

    @Test
    void everyClassInTheTableIsInTheFolderOfItsForm() throws IOException {
        for (Row row : rows()) {
            for (int i = 0; i < FORMS.size(); i++) {
                assertThat(form(row.operation, FORMS.get(i))).as("%s of %s", FORMS.get(i), row.operation)
                        .containsAll(row.forms.get(i));
            }
        }
    }

    @Test
    void everyClassOfAnOperationIsOnThePage() throws IOException {
        List<Row> rows = rows();
        Set<String> helpers = Set.copyOf(names(between("helpers")));
        for (String operation : rows.stream().map(Row::operation).collect(Collectors.toSet())) {
            for (int i = 0; i < FORMS.size(); i++) {
                int form = i;
                var named = new ArrayList<>(helpers);
                rows.stream()
                        .filter(row -> row.operation.equals(operation))
                        .forEach(row -> named.addAll(row.forms.get(form)));
                assertThat(named).as("%s of %s", FORMS.get(form), operation)
                        .containsAll(form(operation, FORMS.get(form)));
            }
        }
    }

    @Test
    void everyHelperOnThePageExists() throws IOException {
        Set<String> all = classes(KERNELS, file -> true);
        assertThat(names(between("helpers"))).filteredOn(name -> Character.isUpperCase(name.charAt(0)))
                .allSatisfy(name -> assertThat(all).contains(name));
    }

    @Test
    void everyTestAndBenchmarkInTheTableExists() throws IOException {
        Set<String> benchmarks = classes(BENCHMARKS, file -> true);
        for (Row row : rows()) {
            assertThat(classes(TESTS.resolve(row.operation), file -> true)).containsAll(row.tests);
            assertThat(benchmarks).containsAll(row.benchmarks);
        }
    }

    @Test
    void everyFormThatRunsHasATestAndEveryBenchmarkBearsTheNameOfAKernel() throws IOException {
        Set<String> named = rows().stream()
                .flatMap(row -> row.benchmarks.stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).containsExactlyInAnyOrderElementsOf(
                classes(BENCHMARKS, file -> file.toString().endsWith("Benchmark.java")));
        assertThat(rows()).allSatisfy(row -> assertThat(row.tests).isNotEmpty());
    }
}
