package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.plan.CachePlan;
import java.util.List;

/**
 * How sequences share the frames under {@code Budget.AUTO}. While all of them fit, none evicts. Then each holds a part of
 * the frames by its number of pages, and at least what the policy needs. The parts change when a page opens, a text is
 * read, or a sequence closes; a sequence that holds more than its part gives up its least important pages.
 */
final class FrameShares {
    private final CachePlan plan;
    private final long managedLayers;
    private int[] parts = {}; // pages of a group, by sequence

    FrameShares(CachePlan plan) {
        this.plan = plan;
        managedLayers = (long) plan.shape().layers() - plan.denseLayers();
    }

    /**
     * Makes room for {@code growing} to have {@code pagesThen} pages.
     *
     * @param reads whether a text is read: one layer of it is then over its part
     */
    void makeRoom(List<OpenSequence> all, OpenSequence growing, int pagesThen, boolean reads) {
        divide(all, growing, pagesThen, reads);
        for (int i = 0; i < all.size(); i++) {
            var sequence = all.get(i);
            if (sequence == growing || !sequence.isReading()) {
                sequence.hold(reads && sequence == growing ? plan.budgetWhileReading(parts[i], pagesThen) : parts[i]);
            }
        }
    }

    private void divide(List<OpenSequence> all, OpenSequence growing, int pagesThen, boolean reads) {
        if (parts.length < all.size()) {
            parts = new int[all.size()];
        }
        long eachPage = plan.groups() * managedLayers; // frames
        long frames = plan.frames();
        long wanted = 0; // pages of those whose part is not settled
        for (int i = 0; i < all.size(); i++) {
            var sequence = all.get(i);
            int pages = sequence == growing ? pagesThen : sequence.pages();
            frames -= fixedFrames(pages);
            if (sequence != growing && sequence.isReading()) {
                parts[i] = sequence.part();
                frames -= eachPage * Math.min(parts[i], pages) + readingFrames(sequence, pages);
            } else {
                parts[i] = 0;
                wanted += pages;
            }
        }
        if (eachPage * wanted <= frames) {
            for (int i = 0; i < all.size(); i++) {
                parts[i] = parts[i] == 0 ? all.get(i).maxPages : parts[i];
            }
            return;
        }
        if (reads) {
            frames -= readingFrames(growing, pagesThen);
        }
        long room = Math.max(0, frames) / Math.max(1, eachPage);
        boolean settled = true;
        while (settled) { // first those that would get less than they are promised
            settled = false;
            for (int i = 0; i < all.size(); i++) {
                var sequence = all.get(i);
                int pages = sequence == growing ? pagesThen : sequence.pages();
                if (parts[i] == 0 && room * pages < sequence.promised() * wanted) {
                    parts[i] = sequence.promised();
                    room -= Math.min(parts[i], pages);
                    wanted -= pages;
                    settled = true;
                }
            }
        }
        for (int i = 0; i < all.size(); i++) {
            if (parts[i] == 0) {
                var sequence = all.get(i);
                int pages = sequence == growing ? pagesThen : sequence.pages();
                parts[i] = (int) Math.max(sequence.promised(), room * pages / wanted);
            }
        }
    }

    /** Frames that a sequence holds whatever its part is: dense layers and digests. */
    private long fixedFrames(int pages) {
        return (long) plan.groups() * plan.denseLayers() * pages + plan.groups() * managedLayers * digestFrames(pages);
    }

    private long digestFrames(int pages) {
        return plan.policy().scores()
                ? (long) plan.options().pages(Math.max(1, pages - 1)) * plan.digestFramesEach()
                : 0;
    }

    /** Frames beyond its part that a layer of a sequence may hold while it reads a text. */
    private long readingFrames(OpenSequence sequence, int pages) {
        int most = plan.mostReading(plan.limitsOf(sequence.promised()));
        return (long) plan.groups() * Math.max(0, Math.min(pages, most) - sequence.promised());
    }
}
