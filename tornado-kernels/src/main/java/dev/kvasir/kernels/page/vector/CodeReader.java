package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.machine.PageScores;
import dev.kvasir.kernels.page.machine.PageValues;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of f16 by machine code, assembled for one shape of pages and number of queries ({@link PageScores},
 * {@link PageValues}). With each page it names one that is read later, whose lines the code requests from memory.
 */
public final class CodeReader extends PageReader {
    private static final int PAGES_AHEAD = 4; // between the page that is read and the one that is requested

    private final PageScores scoreCode;
    private final @Nullable PageValues valueCode; // none for digests

    private CodeReader(FrameArray frames, int dims, int rows, PageScores scoreCode, @Nullable PageValues valueCode) {
        super(frames, dims, rows);
        this.scoreCode = scoreCode;
        this.valueCode = valueCode;
    }

    /** Nothing if there is no machine code for pages of this type and shape on this machine. */
    static Optional<CodeReader> of(FrameArray frames, int dims, int rows, boolean hasValues) {
        Optional<PageValues> values = hasValues ? PageValues.of(frames.geometry(), rows) : Optional.empty();
        if (hasValues && values.isEmpty()) {
            return Optional.empty();
        }
        return PageScores.of(frames.geometry(), dims, rows)
                .map(scores -> new CodeReader(frames, dims, rows, scores, values.orElse(null)));
    }

    @Override
    public void lift(float[] q, int qAt, int heads, float factor) {
        liftSideBySide(q, qAt, heads, factor);
    }

    @Override
    public float weightFactor() {
        return 1;
    }

    @Override
    public int framesAtOnce() {
        return 2;
    }

    @Override
    public void scores(PageScratch scratch, int[] list, int tokens, int group, int head, int first, int end) {
        int q = queryOf(group, head);
        for (int frame = first, at = 0; frame < end; frame++, at += geometry.pageSize()) {
            long keys = frames.headOffset(list[frame], head);
            long later = valueCode == null
                    ? laterDigest(list, tokens, head, frame)
                    : later(list, tokens, head, first, end, frame - first);
            scoreCode.score(frames.memory(), keys, later, querySegment, q, scratch.scoresSegment, at);
        }
    }

    @Override
    void addAll(PageScratch scratch, int[] list, int tokens, int head, int first, int count) {
        PageValues code = valueCode;
        if (code == null) {
            throw new IllegalStateException("digests have no values");
        }
        int pageSize = geometry.pageSize();
        int pages = (count + pageSize - 1) / pageSize;
        for (int page = 0, at = 0; page < pages; page++, at += pageSize) {
            long later = later(list, tokens, head, first, first + pages, pages + page);
            code.add(frames.memory(), values(list[first + page], head), later, Math.min(pageSize, count - at),
                    scratch.scoresSegment, at, scratch.sumsSegment);
        }
    }

    // The address of the page that is read PAGES_AHEAD places after this one. A chunk's keys are read first, then its
    // values; most likely the next head or chunk follows.
    private long later(int[] list, int tokens, int head, int first, int end, int place) {
        int pages = end - first;
        int later = place + PAGES_AHEAD;
        if (later < pages) {
            return frames.headOffset(list[first + later], head);
        }
        if (later < 2 * pages) {
            return values(list[first + later - pages], head);
        }
        boolean sameChunk = head + 1 < geometry.heads();
        int frame = later - 2 * pages + (sameChunk ? first : end);
        return frames.headOffset(list[Math.min(frame, last(tokens))], sameChunk ? head + 1 : 0);
    }

    // Two frames of digests are read in turns, for one head after the other; a frame's heads lie one behind the other.
    private long laterDigest(int[] list, int digests, int head, int frame) {
        return head + 1 < geometry.heads()
                ? frames.headOffset(list[frame], head + 1)
                : frames.headOffset(list[Math.min(frame + 2, last(digests))], 0);
    }

    private int last(int tokens) {
        return (tokens - 1) / geometry.pageSize();
    }
}
