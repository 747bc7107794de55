package dev.kvasir.launch;

import java.lang.reflect.Proxy;

/** The signals that the system sends to this process. */
public final class Signals {
    private Signals() {}

    /**
     * Calls {@code action} in a thread of its own each time a signal comes, in place of the JVM's own way to end.
     * {@code sun.misc.Signal} is called by reflection because not every Java has it; without it, or if the process was
     * started to ignore the signal, nothing changes.
     *
     * @param name the name without its prefix: {@code INT}
     */
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object onSignal = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler},
                    (proxy, method, values) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "hashCode" -> {
                                return System.identityHashCode(proxy);
                            }
                            case "equals" -> {
                                return proxy == values[0];
                            }
                            default -> {
                                return name;
                            }
                        }
                        return null;
                    });
            Object before = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), onSignal);
            if (before == handler.getField("SIG_IGN").get(null)) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), before);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return; // the signal then ends the process, as usual
        }
    }
}
