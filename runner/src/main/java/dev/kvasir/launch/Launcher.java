package dev.kvasir.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
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

    private Launcher() {}

    public static void main(String[] arguments) throws Exception {
        List<String> args;
        try {
            args = new ArrayList<>(TypedArguments.of(List.of(arguments)));
        } catch (UnreadableArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        boolean show = args.remove(SHOW_COMMAND);
        boolean onTornado = JavaCommand.isAnotherProgram()
                ? LaunchArguments.nameTornado(args)
                : LaunchArguments.askForTornado(args);
        if (!show && isThisJvmReady(onTornado) && !TypedArguments.mustBeCoded(args)) {
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
        List<String> own = JavaCommand.options(System.getenv().getOrDefault(JavaCommand.KVASIR_JAVA_OPTS, ""));
        Optional<ClassArchive> archive = show || onTornado || JavaCommand.isAnotherProgram()
                ? Optional.empty()
                : ClassArchive.of(jdk, classPath(), System.getenv(),
                        Path.of(System.getProperty("user.home", ".")), own, args);
        if (archive.isPresent()) {
            options.addAll(archive.get().options());
        }
        options.addAll(own);
        boolean coded = !show && TypedArguments.mustBeCoded(args);
        if (coded) {
            options.addAll(TypedArguments.properties(args));
        }
        List<String> line = JavaCommand.of(jdk, sdk, classPath(), options, JavaCommand.inherited(System.getenv()),
                coded ? List.of() : args);
        if (show) {
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
                    .println(JavaCommand.quoted(line));
        } else {
            System.exit(runInChild(line, archive));
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
        return path.indexOf(java.io.File.pathSeparatorChar) < 0 ? Path.of(path).toAbsolutePath().toString() : path;
    }

    private static int runInChild(List<String> line, Optional<ClassArchive> archive) throws InterruptedException {
        Process child;
        try {
            ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
            if (!TypedArguments.isUtf8()) {
                builder.environment().put("LC_ALL", "C.UTF-8"); // else the child could not open files such as modèle.gguf
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
     * chat only stops its answer. {@code sun.misc.Signal} is called by reflection because not every Java has it.
     */
    private static void leaveInterruptsOnTerminalTo(Process child) {
        if (System.console() == null) {
            return;
        }
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object onInterrupt = java.lang.reflect.Proxy.newProxyInstance(handler.getClassLoader(),
                    new Class<?>[]{handler}, (proxy, method, values) -> {
                        if (method.getName().equals("handle") && !child.isAlive()) {
                            System.exit(130);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null,
                            signal.getConstructor(String.class).newInstance("INT"), onInterrupt);
        } catch (ReflectiveOperationException e) {
            return; // Ctrl-C then ends both processes, as usual
        }
    }
}
