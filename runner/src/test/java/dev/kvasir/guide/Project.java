package dev.kvasir.guide;

import java.nio.file.Path;

/** Where things are in the source tree, from a module's folder, in which tests run. */
final class Project {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path DOCS = ROOT.resolve("docs");
    static final Path PICTURES = DOCS.resolve("pictures");
    static final Path RESULTS = DOCS.resolve("results");

    private Project() {}
}
