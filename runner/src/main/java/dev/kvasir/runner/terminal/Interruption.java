package dev.kvasir.runner.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to end the command early: from the user (Ctrl-C), from the system (SIGTERM), or because the launcher has
 * ended. Commands check it once per token. They then stop and print their figures as usual.
 */
public final class Interruption {
    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;

    /** Whether the command should stop. */
    public boolean isRequested() {
        return requested;
    }

    /** Requests the command to stop. */
    public void request() {
        requested = true;
    }

    /** Marks the command as ended, so that the JVM may end. */
    public void commandHasEnded() {
        finished.countDown();
    }

    /** Makes the shutdown of the JVM request a stop and wait until the command has ended. */
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
     * Ends this JVM when the process that started it has ended, even if that process was killed.
     *
     * @param pid the process, which may have ended already
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
