package dev.kvasir.kvcache.event;

import dev.kvasir.kvcache.page.PageState;
import jdk.jfr.EventType;

/** Page events as JFR events {@code dev.kvasir.Page}; costs a look at a flag while no recording wants them. */
public final class JfrEvents implements CacheEvents {
    private static final EventType TYPE = EventType.getEventType(PageJfrEvent.class);

    @Override
    public void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float importance, long bytes) {
        if (!TYPE.isEnabled()) {
            return;
        }
        var event = new PageJfrEvent();
        event.kind = kind.name();
        event.state = state.name();
        event.step = step;
        event.layer = layer;
        event.sequence = sequence;
        event.group = group;
        event.page = page;
        event.importance = importance;
        event.bytes = bytes;
        event.commit();
    }
}
