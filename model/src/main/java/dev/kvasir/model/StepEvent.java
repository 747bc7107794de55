package dev.kvasir.model;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The time of a prompt or of a decode step in a flight recording; costs a look at a flag while no recording wants it. */
@Name("dev.kvasir.Step")
@Label("Step")
@Category({"Kvasir", "Decoding"})
@Description("A prompt is read, or each sequence of a batch decodes one token")
@StackTrace(false)
final class StepEvent extends Event {
    static final String PROMPT = "prompt";
    static final String DECODE = "decode";

    private static final EventType TYPE = EventType.getEventType(StepEvent.class);

    @Label("Kind")
    @Description("prompt or decode")
    String kind = "";

    @Label("Tokens")
    @Description("Tokens of the prompt, or sequences that decode a token each")
    int tokens;

    @Label("Position")
    @Description("Position of the first token in its sequence")
    int position;

    private StepEvent() {}

    /** A step begins; null while no recording wants it. */
    static @Nullable StepEvent start() {
        if (!TYPE.isEnabled()) {
            return null;
        }
        var event = new StepEvent();
        event.begin();
        return event;
    }

    /** The step that {@link #start} began ends; nothing if no recording wants it. */
    static void finish(@Nullable StepEvent event, String kind, int tokens, int position) {
        if (event != null && event.shouldCommit()) {
            event.kind = kind;
            event.tokens = tokens;
            event.position = position;
            event.commit();
        }
    }
}
