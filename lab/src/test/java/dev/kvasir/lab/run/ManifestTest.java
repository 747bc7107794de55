package dev.kvasir.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ManifestTest {
    private static final Manifest RUN = new Manifest(Map.of("experiment", "passkey", "seed", "1"),
            Map.of("date", "yesterday"), Map.of(), Map.of("build_commit", "1a2b3c4", "os", "Linux"));

    @TempDir
    private Path folder;

    @Test
    void theSameRunMayGoOnIfItIsToBeResumed() throws IOException {
        Path output = folder.resolve("new/output");
        assertThat(RUN.claim(output, false)).isEqualTo(RUN);

        Manifest later = new Manifest(RUN.settings(), Map.of("date", "today"), Map.of(),
                Map.of("build_commit", "1a2b3c4", "os", "Linux 2"));
        assertThatThrownBy(() -> later.claim(output, false)).hasMessageContaining("--resume");
        assertThat(later.claim(output, true)).isEqualTo(RUN);
    }

    @Test
    void anotherRunIsRefusedWithWhatDiffers() throws IOException {
        RUN.claim(folder, false);
        Manifest other = new Manifest(Map.of("experiment", "passkey", "seed", "2"), Map.of(), Map.of(), Map.of());

        assertThatThrownBy(() -> other.claim(folder, true))
                .hasMessageContaining("holds another run: its seed is '1', this one's '2'");
    }

    @Test
    void anotherExperimentIsNamedBeforeWhatFollowsFromIt() throws IOException {
        RUN.claim(folder, false);
        Manifest other = new Manifest(Map.of("--budget", "512", "experiment", "lines", "seed", "1"), Map.of(), Map.of(),
                Map.of());

        assertThatThrownBy(() -> other.claim(folder, true))
                .hasMessageContaining("its experiment is 'passkey', this one's 'lines'");
    }

    @Test
    void resultsOfNobodyKnowsWhatAreNotMixedWithOthers() throws IOException {
        Files.writeString(folder.resolve(ResultFile.NAME), "");

        assertThatThrownBy(() -> RUN.claim(folder, true)).hasMessageContaining("holds results, but no run.json");
    }

    @Test
    void aDamagedManifestIsASentence() throws IOException {
        Files.writeString(folder.resolve(Manifest.NAME), "{");

        assertThatThrownBy(() -> RUN.claim(folder, true)).hasMessageContaining("is damaged");
    }

    @Test
    void anotherStateIsRefusedWithWhatDiffers() throws IOException {
        RUN.claim(folder, false);
        for (String fact : Provenance.DECISIVE) {
            Map<String, String> facts = new HashMap<>(RUN.provenance());
            facts.put(fact, "another");
            Manifest other = new Manifest(RUN.settings(), Map.of(), Map.of(), facts);

            assertThatThrownBy(() -> other.claim(folder, true))
                    .hasMessageContaining("holds results of another state: its " + fact + " is '")
                    .hasMessageContaining("this one's 'another'");
            assertThat(new Provenance(facts).hash()).isNotEqualTo(new Provenance(RUN.provenance()).hash());
        }
    }
}
