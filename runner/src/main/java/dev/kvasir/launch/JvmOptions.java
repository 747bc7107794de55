package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user's options for the JVM, from the environment. */
final class JvmOptions {
    /** Environment variable with more options for Kvasir's JVM, separated by spaces; quotes keep spaces. */
    static final String KVASIR_JAVA_OPTS = "KVASIR_JAVA_OPTS";
    /** The variables that a JVM reads by itself. */
    private static final List<String> OF_EVERY_JVM = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");
    /** Options that name a file with more options. */
    private static final List<String> FILES = List.of("-XX:VMOptionsFile=", "-XX:Flags=", "@");

    /** Options that open a port by its number, which only one JVM can: the launcher's has it already. */
    private static final Pattern PORTS = Pattern.compile(
            "(?<!\\S)(-agentlib:jdwp=|-Xrunjdwp:)(?=\\S*server=y)\\S*address=(\\S*:)?[1-9]\\d*\\S*"
                    + "|(?<!\\S)-Dcom\\.sun\\.management\\.jmxremote\\.(rmi\\.)?port=[1-9]\\S*");

    private JvmOptions() {}

    /**
     * Takes the options that open a port by its number out of the variables of a child's environment.
     *
     * @return what was taken, each as {@code OPTION in VARIABLE}
     */
    static List<String> takePorts(Map<String, String> environment) {
        List<String> taken = new ArrayList<>();
        for (String variable : OF_EVERY_JVM) {
            Matcher ports = PORTS.matcher(environment.getOrDefault(variable, ""));
            ports.results().forEach(port -> taken.add(port.group() + " in " + variable));
            if (ports.reset().find()) {
                environment.put(variable, ports.replaceAll(""));
            }
        }
        return taken;
    }

    /** The options in {@link #KVASIR_JAVA_OPTS}. */
    static List<String> own(Map<String, String> environment) {
        return words(environment.getOrDefault(KVASIR_JAVA_OPTS, ""));
    }

    /** The options that every JVM takes from the environment, with those in the files that they name. */
    static List<String> inherited(Map<String, String> environment) {
        List<String> options = new ArrayList<>();
        for (String variable : OF_EVERY_JVM) {
            options.addAll(words(environment.getOrDefault(variable, "")));
        }
        return withFiles(options);
    }

    /** The options, and after each that names a file, the options in it. */
    static List<String> withFiles(List<String> options) {
        List<String> all = new ArrayList<>();
        for (String option : options) {
            all.add(option);
            for (String prefix : FILES) {
                if (option.startsWith(prefix)) {
                    all.addAll(inFile(option.substring(prefix.length())));
                }
            }
        }
        return all;
    }

    private static List<String> inFile(String name) {
        try {
            return words(Files.readString(Path.of(name)).replaceAll("(?m)#.*$", ""));
        } catch (IOException | RuntimeException e) {
            return List.of(); // the JVM reports the problem
        }
    }

    /** The words of a text: white space separates them, except between quotes of one kind, as the JVM reads them. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (char c : text.toCharArray()) {
            if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
