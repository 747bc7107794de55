package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.page.PageState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import static dev.kvasir.kvcache.page.PageState.ABSENT;
import static dev.kvasir.kvcache.page.PageState.BACKED_UP;
import static dev.kvasir.kvcache.page.PageState.COMING_EARLY;
import static dev.kvasir.kvcache.page.PageState.COMING_LATE;
import static dev.kvasir.kvcache.page.PageState.FILLING;
import static dev.kvasir.kvcache.page.PageState.FULL;
import static dev.kvasir.kvcache.page.PageState.LEAVING;
import static dev.kvasir.kvcache.page.PageState.RESIDENT;
import static org.assertj.core.api.Assertions.assertThat;

/** Follows every page of one sequence from state to state, and refuses a state that an event or the state before forbids. */
final class StateCheck implements CacheEvents {
    /** The states that may be seen next: copies end unseen, and the window moves on unseen. */
    private static final Map<PageState, Set<PageState>> NEXT = new EnumMap<>(Map.of(
            FILLING, EnumSet.of(FULL),
            FULL, EnumSet.of(BACKED_UP, RESIDENT, LEAVING, ABSENT),
            BACKED_UP, EnumSet.of(RESIDENT, ABSENT),
            RESIDENT, EnumSet.of(ABSENT),
            LEAVING, EnumSet.of(ABSENT, COMING_EARLY, COMING_LATE),
            ABSENT, EnumSet.of(COMING_EARLY, COMING_LATE),
            COMING_EARLY, EnumSet.of(RESIDENT, ABSENT),
            COMING_LATE, EnumSet.of(RESIDENT, ABSENT)));

    private record PageId(int layer, int group, int page) {}

    private final Map<PageId, PageState> states = new HashMap<>();
    private final boolean recalls;

    /** @param recalls whether evicted pages may come back */
    StateCheck(boolean recalls) {
        this.recalls = recalls;
    }

    @Override
    public void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float importance, long bytes) {
        var where = "%s of page %d, layer %d, step %d".formatted(kind, page, layer, step);
        assertThat(state).as(where).isIn(switch (kind) {
            case FILLED -> EnumSet.of(FULL);
            case BACKED_UP -> EnumSet.of(BACKED_UP, RESIDENT, LEAVING);
            case EVICTED -> EnumSet.of(LEAVING, ABSENT);
            case RECALLED -> EnumSet.of(COMING_LATE);
            case PREFETCHED -> EnumSet.of(COMING_EARLY);
            case SELECTED -> recalls ? EnumSet.of(FULL, RESIDENT, ABSENT) : EnumSet.of(FULL);
            case UNUSED -> EnumSet.of(RESIDENT);
        });
        note(layer, group, page, state);
    }

    /** The page is in this state now. */
    void note(int layer, int group, int page, PageState state) {
        var before = states.put(new PageId(layer, group, page), state);
        assertThat(before == null || before == state || NEXT.getOrDefault(before, Set.of()).contains(state))
                .as("page %d of layer %d, group %d: from %s to %s", page, layer, group, before, state)
                .isTrue();
    }
}
