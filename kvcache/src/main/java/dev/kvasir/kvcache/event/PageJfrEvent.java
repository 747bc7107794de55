package dev.kvasir.kvcache.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One page event in a flight recording. */
@Name("dev.kvasir.Page")
@Label("KV page")
@Category({"Kvasir", "KV cache"})
@Description("A page of the KV cache was filled, backed up, evicted, recalled, selected or prefetched")
@StackTrace(false)
final class PageJfrEvent extends Event {
    @Label("Event")
    String kind = "";

    @Label("State")
    @Description("The state of the page after the event")
    String state = "";

    @Label("Step")
    long step;

    @Label("Layer")
    int layer;

    @Label("Sequence")
    int sequence;

    @Label("Selection Group")
    int group;

    @Label("Page")
    int page;

    @Label("Importance")
    float importance;

    @Label("Bytes")
    @DataAmount
    long bytes;
}
