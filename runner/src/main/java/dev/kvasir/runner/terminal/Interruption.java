package dev.kvasir.runner.terminal;

import dev.kvasir.launch.Signals;
import java.util.concurrent.TimeUnit;

/**
 * A request to end the command early: from the user (Ctrl-C), from the system (SIGTERM, SIGHUP), or because the launcher
 * has ended. A command that stops by itself checks for it once per token, and prints its figures as usual. Any other
 * command ends at once. A second Ctrl-C ends at once in both cases.
 */
public final class Interruption {
    private static final int BY_INTERRUPT = 130; // 128 and the number of the signal, as shells have it
    private static final int BY_HANG_UP = 129;
    private static final int BY_TERMINATION = 143;
    private static final int PATIENCE_SECONDS = 10;

    private volatile int exitCode; // 0 until requested
    private boolean isInterrupted; // by Ctrl-C
    private boolean stopsByItself;

    /** A part of a command that stops by itself. */
    @FunctionalInterface
    public interface Section extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether the command should stop. */
    public boolean isRequested() {
        return exitCode != 0;
    }

    /** The exit code of a command that was asked to stop: 128 and the number of the signal. */
    public int exitCode() {
        return exitCode;
    }

    /** Requests the command to stop, as Ctrl-C does. */
    public void request() {
        exitCode = BY_INTERRUPT;
    }

    /** From now until the section is closed, the command checks {@link #isRequested()} often and stops by itself. */
    public synchronized Section stopsByItself() {
        stopsByItself = true;
        return this::endsAtOnce;
    }

    private synchronized void endsAtOnce() {
        stopsByItself = false;
    }

    /** Takes the signals that ask this process to end. */
    public void watchSignals() {
        Signals.handle("INT", () -> signal(BY_INTERRUPT));
        Signals.handle("TERM", () -> signal(BY_TERMINATION));
        Signals.handle("HUP", () -> signal(BY_HANG_UP));
    }

    /**
     * Stops this JVM when the process that started it has ended, even if that process was killed.
     *
     * @param pid the process, which may have ended already
     */
    public void endWith(long pid) {
        Thread watch = new Thread(() -> {
            ProcessHandle.of(pid).ifPresent(parent -> parent.onExit().join());
            signal(BY_TERMINATION);
        }, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void signal(int code) {
        boolean waits;
        synchronized (this) {
            if (code == BY_INTERRUPT) {
                if (isInterrupted) {
                    Runtime.getRuntime().halt(code);
                }
                isInterrupted = true;
            } else if (isRequested()) {
                return; // the launcher passes on the signal that a terminal has sent to both
            }
            exitCode = code;
            waits = stopsByItself;
        }
        if (waits) {
            Thread patience = new Thread(() -> endLate(code), "interruption");
            patience.setDaemon(true);
            patience.start();
        } else {
            System.exit(code);
        }
    }

    private static void endLate(int code) {
        try {
            TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
            System.err.println("ended before the figures were ready");
            System.exit(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
