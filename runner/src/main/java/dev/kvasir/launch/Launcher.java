package dev.kvasir.launch;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The main class of {@code java -jar runner.jar}, for Java 17 or newer. It starts {@code dev.kvasir.runner.Main} on a
 * JDK 25 with the modules and flags that it needs, and with TornadoVM if the arguments require it. If this JVM has all
 * of that already, {@code Main} runs in it. Otherwise it runs in a child process with the same arguments, streams and
 * exit code. The child ends when this process ends: the launcher passes a signal on and waits while the child prints
 * its figures. If this process is killed, the child notices it and ends.
 */
public final class Launcher {
    /** The Java feature release that Kvasir needs. */
    static final int REQUIRED_JAVA = 25;

    private static final String SHOW_COMMAND = "--show-command";
    private static final int WRONG_USAGE = 2;
    private static final String LOCALE = "LC_ALL";
    private static final String UTF_8_LOCALE = "C.UTF-8";
    /** Whether Java keeps every letter in arguments and in the names of files. Windows does so by other means. */
    private static final boolean IS_UTF_8 = File.separatorChar == '\\'
            || System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8");

    private Launcher() {}

    public static void main(String[] arguments) throws Exception {
        List<String> args;
        try {
            args = new ArrayList<>(CommandLineWords.of(CommandLineWords.SELF, List.of(arguments)));
        } catch (NotUtf8Exception e) {
            System.err.println(e.sentence());
            System.exit(WRONG_USAGE);
            return;
        }
        boolean show = args.remove(SHOW_COMMAND);
        boolean onTornado = JavaCommand.isAnotherProgram()
                ? LaunchArguments.nameTornado(args)
                : LaunchArguments.askForTornado(args);
        if (!show && isThisJvmReady(onTornado) && (IS_UTF_8 || args.stream().allMatch(CommandLineWords::isAscii))) {
            runHere(args);
            return;
        }
        Jdk jdk;
        Optional<TornadoSdk> sdk;
        try {
            jdk = JdkFinder.ofThisMachine().find();
            sdk = onTornado ? Optional.of(TornadoSdk.in(System.getenv())) : Optional.empty();
        } catch (NoJdkException | NoTornadoException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        List<String> options = new ArrayList<>();
        if (!show) {
            options.add("-D" + JavaCommand.PARENT + "=" + ProcessHandle.current().pid());
        }
        if (!show && !onTornado) {
            options.add("-XX:+SuppressFatalErrorMessage"); // its report would be on stdout; see ModelOnDisk
        }
        List<String> own = JvmOptions.own(System.getenv());
        List<String> inherited = JvmOptions.inherited(System.getenv());
        List<String> all = new ArrayList<>(inherited);
        all.addAll(own);
        Optional<ClassArchive> archive = show || onTornado || JavaCommand.isAnotherProgram()
                ? Optional.empty()
                : ClassArchive.of(jdk, classPath(), CacheFolder.ofThisProcess(), all, args);
        if (archive.isPresent()) {
            options.addAll(archive.get().options());
        }
        options.addAll(own);
        List<String> line = JavaCommand.of(jdk, sdk, classPath(), options, inherited, args);
        if (show) {
            String locale = IS_UTF_8 ? "" : LOCALE + "=" + UTF_8_LOCALE + " ";
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8")
                    .println(locale + JavaCommand.quoted(line));
        } else {
            Optional<ModelOnDisk> model = ModelOnDisk.of(args, System.getenv());
            int code = runInChild(line, archive);
            if (ModelOnDisk.isCrash(code)) {
                System.err.println(ModelOnDisk.sentence(model, code));
            }
            System.exit(ModelOnDisk.isCrash(code) ? 1 : code);
        }
    }

    private static boolean isThisJvmReady(boolean onTornado) {
        return Runtime.version().feature() >= REQUIRED_JAVA
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && (!onTornado || ModuleLayer.boot().findModule("tornado.runtime").isPresent());
    }

    private static void runHere(List<String> args) throws Exception {
        try {
            Class.forName(JavaCommand.MAIN)
                    .getMethod("main", String[].class)
                    .invoke(null,
                            (Object) args.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The absolute path of this jar, or the class path of this JVM. */
    private static String classPath() {
        String path = System.getProperty("java.class.path", "");
        return path.indexOf(File.pathSeparatorChar) < 0 ? Path.of(path).toAbsolutePath().toString() : path;
    }

    private static int runInChild(List<String> line, Optional<ClassArchive> archive) throws InterruptedException {
        Process child;
        try {
            var builder = new ProcessBuilder(line).inheritIO();
            if (!IS_UTF_8) {
                builder.environment().put(LOCALE, UTF_8_LOCALE);
            }
            for (String port : JvmOptions.takePorts(builder.environment())) {
                System.err.println(
                        "the launcher's JVM holds the port of " + port + ", so Kvasir's JVM starts without it: "
                                + "put the option into " + JvmOptions.KVASIR_JAVA_OPTS);
            }
            child = builder.start();
        } catch (IOException e) {
            System.err.println("cannot start " + line.get(0) + ": " + e.getMessage());
            return 1;
        }
        leaveInterruptsOnTerminalTo(child);
        Process started = child;
        Runtime.getRuntime().addShutdownHook(new Thread("end-child") {
            @Override
            public void run() {
                end(started, archive);
            }
        });
        int code = child.waitFor();
        archive.ifPresent(classes -> classes.keep(code));
        return code;
    }

    private static void end(Process child, Optional<ClassArchive> archive) {
        child.destroy();
        try {
            int code = child.waitFor(); // the child prints its figures first
            archive.ifPresent(classes -> classes.keep(code));
        } catch (InterruptedException e) {
            child.destroyForcibly();
        }
    }

    /**
     * Ignores Ctrl-C in the launcher. A terminal also sends it to the child, which may handle it without ending: the
     * chat only stops its answer.
     */
    private static void leaveInterruptsOnTerminalTo(Process child) {
        if (System.console() != null) {
            Signals.handle("INT", () -> {
                if (!child.isAlive()) {
                    System.exit(130);
                }
            });
        }
    }
}
