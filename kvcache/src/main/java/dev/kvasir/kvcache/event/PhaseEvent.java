package dev.kvasir.kvcache.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The time of one phase of one layer in a flight recording; costs a look at a flag while no recording wants it. */
@Name("dev.kvasir.Phase")
@Label("Layer Phase")
@Category({"Kvasir", "Decoding"})
@Description("A phase of a layer: projection, store, selection, prefetch, attention, recall-wait, output, feed-forward")
@StackTrace(false)
public final class PhaseEvent extends Event {
    private static final EventType TYPE = EventType.getEventType(PhaseEvent.class);

    @Label("Phase")
    String phase = "";

    @Label("Layer")
    int layer;

    private PhaseEvent() {}

    /** A phase begins; null while no recording wants it. */
    public static @Nullable PhaseEvent start() {
        if (!TYPE.isEnabled()) {
            return null;
        }
        var event = new PhaseEvent();
        event.begin();
        return event;
    }

    /** The phase that {@link #start} began ends; nothing if no recording wants it. */
    public static void finish(@Nullable PhaseEvent event, LayerPhase phase, int layer) {
        if (event != null && event.shouldCommit()) {
            event.phase = phase.label;
            event.layer = layer;
            event.commit();
        }
    }
}
