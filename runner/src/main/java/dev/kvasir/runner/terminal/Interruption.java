package dev.kvasir.runner.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish of the user (Ctrl-C), of the system (SIGTERM) or of a dead parent that the command end early. Commands look at
 * it once a token, stop, and print their figures as they always do.
 */
public final class Interruption {
    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;

    /** Whether to stop. */
    public boolean isRequested() {
        return requested;
    }

    /** Asks to stop. */
    public void request() {
        requested = true;
    }

    /** Says that the command has ended and the JVM may go. */
    public void commandHasEnded() {
        finished.countDown();
    }

    /** Turns the end of the JVM into a request, and holds it up until the command has ended. */
    public void watchShutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            request();
            try {
                if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("ended before the figures were ready");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "interruption"));
    }

    /**
     * Ends this JVM when the process that started it is gone, even if it was killed outright.
     *
     * @param pid the process; it may be gone already
     */
    public static void endWith(long pid) {
        Thread watch = new Thread(() -> {
            ProcessHandle.of(pid).ifPresent(parent -> parent.onExit().join());
            System.exit(143);
        }, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
