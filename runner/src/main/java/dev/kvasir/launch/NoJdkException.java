package dev.kvasir.launch;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** There is no JDK that can run Kvasir; the message is one sentence for the user. */
final class NoJdkException extends Exception {
    private static final long serialVersionUID = 1;
    private static final String HOW = "install one (Temurin " + Launcher.REQUIRED_JAVA
            + " from https://adoptium.net, or `sdk install java " + Launcher.REQUIRED_JAVA
            + "-tem` with SDKMAN) or name its folder in " + JdkFinder.KVASIR_JAVA_HOME;

    private NoJdkException(String message) {
        super(message);
    }

    static NoJdkException among(List<Jdk> found) {
        String what = found.isEmpty()
                ? "no JDK"
                : "only Java " + found.stream().map(Jdk::toString).collect(Collectors.joining(", "));
        return new NoJdkException(
                "Kvasir needs a JDK " + Launcher.REQUIRED_JAVA + " or newer and found " + what + ": " + HOW + ".");
    }

    static NoJdkException named(String home, Optional<Jdk> found) {
        String what = found.map(jdk -> "is Java " + jdk).orElse("names " + home + ", which holds no JDK");
        return new NoJdkException(JdkFinder.KVASIR_JAVA_HOME + " " + what + ", and Kvasir needs a JDK "
                + Launcher.REQUIRED_JAVA + " or newer: correct or unset it.");
    }
}
