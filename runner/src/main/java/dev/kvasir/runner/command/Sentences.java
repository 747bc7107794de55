package dev.kvasir.runner.command;

import dev.kvasir.lab.SettingFlags;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.sampling.LogitsException;
import dev.kvasir.report.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Errors as one sentence for the user. */
final class Sentences {
    private Sentences() {}

    /** The sentence, which names flags where the message of an exception names settings of the library. */
    static String of(Throwable problem) {
        return SettingFlags.in(sentence(problem));
    }

    private static String sentence(Throwable problem) {
        return switch (problem) {
            case UncheckedIOException e when e.getCause() != null -> of(e.getCause());
            case NoSuchFileException e -> "there is no file " + e.getFile();
            case AccessDeniedException e -> "may not open " + e.getFile() + ": check who owns it and its permissions";
            case FileAlreadyExistsException e -> e.getFile() + " exists already: name another file or remove it";
            case NotDirectoryException e -> e.getFile() + " is no folder";
            case DirectoryNotEmptyException e -> e.getFile() + " is a folder that is not empty";
            case FileSystemException e -> e.getFile() + ": " + reason(e) + advice(reason(e));
            case IOException e when isOurs(e) -> told(e);
            case IOException e -> "reading or writing failed: " + told(e) + advice(told(e));
            case OutOfMemoryError e ->
                ("the Java heap of %s is too small (%s): give more with KVASIR_JAVA_OPTS=-Xmx8g, or "
                        + "lower --ctx-size, --device-memory or --host-memory").formatted(
                                ByteSize.readable(Runtime.getRuntime().maxMemory()), told(e));
            case InternalError e when told(e).contains("unsafe memory access") ->
                "a file has changed while it was in use, or its disk failed: start again with a whole file";
            case LogitsException e -> told(e) + " (--kv-type bf16)";
            case FailureException e -> told(e);
            case RuntimeException e when isTold(e) -> told(e);
            default -> "this should not have happened: " + problem + "; run again with -v for the details";
        };
    }

    /** Whether the exception is one of the project, or of an argument check, with a sentence of its own. */
    private static boolean isTold(RuntimeException e) {
        return e.getMessage() != null && (isOurs(e) || e instanceof IllegalArgumentException);
    }

    private static boolean isOurs(Exception e) {
        return e.getClass().getName().startsWith("dev.kvasir.");
    }

    private static String reason(FileSystemException e) {
        return e.getReason() == null ? "cannot be read or written" : e.getReason();
    }

    /** The next action after an error of the system. */
    private static String advice(String reason) {
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return "; make room there, or name another folder";
        }
        return reason.contains("Read-only") || reason.contains("Not a directory") ? "; name another folder" : "";
    }

    private static String told(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
