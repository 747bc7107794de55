package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class JvmOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void spacesSeparateOptionsExceptBetweenQuotes() {
        assertThat(JvmOptions.words(" -Xmx3g  -Da='b c' \"-Dd=it's\"\t-De= '' "))
                .containsExactly("-Xmx3g", "-Da=b c", "-Dd=it's", "-De=", "");
        assertThat(JvmOptions.words("  ")).isEmpty();
        assertThat(JvmOptions.own(Map.of("KVASIR_JAVA_OPTS", "'-Da=b c'"))).containsExactly("-Da=b c");
    }

    @Test
    void theEnvironmentAndTheFilesThatItNamesGiveOptions() throws Exception {
        Path arguments = Files.writeString(folder.resolve("arguments"), "# a comment\n-XX:+UseG1GC\n");
        Path flags = Files.writeString(folder.resolve("flags"), "-XX:+UseZGC");

        assertThat(JvmOptions.inherited(Map.of("JDK_JAVA_OPTIONS", "@" + arguments,
                "JAVA_TOOL_OPTIONS", "-XX:VMOptionsFile=" + flags + " @" + folder.resolve("none"),
                "_JAVA_OPTIONS", "-Xmx1g"))).contains("-XX:+UseG1GC", "-XX:+UseZGC", "-Xmx1g");
    }

    @Test
    void optionsThatOpenAPortByItsNumberAreTakenFromTheChild() {
        var environment = new HashMap<>(Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Xmx1g -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 -ea",
                "JDK_JAVA_OPTIONS", "-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.ssl=false",
                "_JAVA_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,address=0",
                "KVASIR_JAVA_OPTS", "-agentlib:jdwp=transport=dt_socket,server=y,address=5005"));

        assertThat(JvmOptions.takePorts(environment)).containsExactly(
                "-Dcom.sun.management.jmxremote.port=9010 in JDK_JAVA_OPTIONS",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 in JAVA_TOOL_OPTIONS");
        assertThat(environment).containsEntry("JAVA_TOOL_OPTIONS", "-Xmx1g  -ea")
                .containsEntry("JDK_JAVA_OPTIONS", " -Dcom.sun.management.jmxremote.ssl=false")
                .containsEntry("_JAVA_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,address=0")
                .containsEntry("KVASIR_JAVA_OPTS", "-agentlib:jdwp=transport=dt_socket,server=y,address=5005");
    }
}
