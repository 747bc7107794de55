package dev.kvasir.lab.run;

import java.util.Properties;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BuildTest {
    private static Build build(String commit, String number) {
        Properties properties = new Properties();
        properties.setProperty("version", "0.1");
        properties.setProperty("commit", commit);
        properties.setProperty("number", number);
        return Build.of(properties);
    }

    @Test
    void aBuildNamesVersionAndCommit() {
        assertThat(build("1a2b3c4", "812")).hasToString("0.1 (1a2b3c4)").isEqualTo(new Build("0.1", "1a2b3c4", 812));
        assertThat(build("1a2b3c4", "812").isExact()).isTrue();
        assertThat(build("1a2b3c4-dirty", "812")).hasToString("0.1 (1a2b3c4-dirty)");
        assertThat(build("1a2b3c4-dirty", "812").isExact()).isFalse();
    }

    @Test
    void outsideACheckoutTheCommitIsUnknown() {
        assertThat(build("", "")).hasToString("0.1 (commit unknown)").isEqualTo(new Build("0.1", "unknown", 0));
        assertThat(build("", "").isExact()).isFalse();
    }
}
