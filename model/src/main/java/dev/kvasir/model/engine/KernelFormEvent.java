package dev.kvasir.model.engine;

import dev.kvasir.kernels.form.Form;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** The form of a kernel that runs, once for each choice at the beginning of a flight recording. */
@Name("dev.kvasir.KernelForm")
@Label("Kernel Form")
@Category({"Kvasir", "Decoding"})
@Description("The form in which an operation runs in this process, and why no faster one")
@StackTrace(false)
@Period("beginChunk")
final class KernelFormEvent extends Event {
    private static final Set<Form> CHOSEN = new CopyOnWriteArraySet<>();

    static {
        FlightRecorder.addPeriodicEvent(KernelFormEvent.class, KernelFormEvent::emit);
    }

    @Label("Operation")
    String operation = "";

    @Label("Data")
    @Description("Type and shape of what it reads; empty if it has only one")
    String data = "";

    @Label("Form")
    String form = "";

    @Label("Reason")
    @Description("Why no faster form runs; empty if the fastest does")
    String reason = "";

    private KernelFormEvent() {}

    /** Adds the forms of a model: recordings that begin later hold them, and those under way, too. */
    static void add(List<Form> forms) {
        for (Form form : forms) {
            if (CHOSEN.add(form)) {
                commit(form);
            }
        }
    }

    private static void emit() {
        CHOSEN.forEach(KernelFormEvent::commit);
    }

    private static void commit(Form form) {
        var event = new KernelFormEvent();
        event.operation = form.operation();
        event.data = form.data();
        event.form = form.form();
        event.reason = form.reason();
        event.commit();
    }
}
