package dev.kvasir.guide;

import dev.kvasir.guide.PageLife.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Redraws the pictures of the guide and compares them with those under docs; {@code -Dkvasir.pictures=write} writes them. */
class PicturesTest {
    private static final boolean WRITES = "write".equals(System.getProperty("kvasir.pictures"));
    private static final String COMMAND = "./mvnw test -pl runner -am -Dtest=PicturesTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dkvasir.pictures=write";
    private static final Pattern LINK = Pattern
            .compile("\\]\\(([^)\\s]*pictures/[^)\\s]*)\\)|src=\"([^\"]*pictures/[^\"]*)\"");

    @BeforeAll
    static void writesTheTablesOfRuns() throws IOException {
        if (WRITES) {
            Files.writeString(Project.RESULTS.resolve(PageLife.TABLE), PageLife.HEADER + "\n"
                    + PageLife.run().stream().map(step -> step.line() + "\n").collect(Collectors.joining()));
            Files.writeString(Project.RESULTS.resolve(PagesBySteps.TABLE), PagesBySteps.HEADER + "\n"
                    + PagesBySteps.run().stream().map(stay -> stay.line() + "\n").collect(Collectors.joining()));
        }
    }

    @TestFactory
    Stream<DynamicTest> isAsItWouldBeDrawnToday() {
        return Pictures.ALL.stream().map(picture -> DynamicTest.dynamicTest(picture.name(), () -> compare(picture)));
    }

    private static void compare(Picture picture) throws IOException {
        Path file = Project.PICTURES.resolve(picture.name() + ".svg");
        String drawn = picture.drawn().get().svg();
        if (WRITES) {
            Files.createDirectories(Project.PICTURES);
            Files.writeString(file, drawn);
        }
        assertThat(Files.exists(file)).as("docs/pictures/%s.svg is missing: draw it with%n%s", picture.name(), COMMAND)
                .isTrue();
        assertThat(drawn.equals(Files.readString(file)))
                .as("docs/pictures/%s.svg is stale: look for the change, and redraw it with%n%s", picture.name(),
                        COMMAND)
                .isTrue();
    }

    @Test
    void everyPictureIsDrawnBySomething() throws IOException {
        Set<String> drawn = Pictures.ALL.stream()
                .map(picture -> picture.name() + ".svg")
                .collect(Collectors.toCollection(TreeSet::new));
        try (var files = Files.list(Project.PICTURES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("files under docs/pictures that no class of dev.kvasir.guide draws")
                    .isSubsetOf(drawn);
        }
    }

    @Test
    void everyPictureThatAPageShowsExists() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (var files = Files.list(Project.DOCS)) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        pages.add(Project.ROOT.resolve("README.md"));
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                String target = link.group(1) == null ? link.group(2) : link.group(1);
                assertThat(page.resolveSibling(target)).as("%s shows %s", Project.ROOT.relativize(page), target)
                        .exists();
            }
        }
    }

    @Test
    void allPagesAreWhereTheirTableSays() {
        assertThat(PagesBySteps.run())
                .as("docs/results/%s is stale: make it anew with%n%s", PagesBySteps.TABLE, COMMAND)
                .isEqualTo(PagesBySteps.recorded());
    }

    /** The table that the picture is drawn from; importances are those of any machine but for the last digits. */
    @Test
    void thePageLivesAsItsTableSays() {
        List<Step> run = PageLife.run();
        List<Step> recorded = PageLife.recorded();
        assertThat(run).as("docs/results/%s is stale: make it anew with%n%s", PageLife.TABLE, COMMAND)
                .hasSameSizeAs(recorded);
        for (int i = 0; i < run.size(); i++) {
            Step now = run.get(i);
            Step then = recorded.get(i);
            assertThat(List.of(now.step(), now.place(), now.won())).as("step %d", now.step())
                    .isEqualTo(List.of(then.step(), then.place(), then.won()));
            if (!Double.isNaN(now.importance())) {
                assertThat(now.importance()).as("importance in step %d", now.step())
                        .isCloseTo(then.importance(), within(0.05));
            }
        }
    }
}
