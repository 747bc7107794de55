package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.parallel.Workers;
import java.util.List;

/** Frames whose pages are digested and scored by one form of the kernels. */
interface Digests {
    FrameArray frames();

    /** The digest of a full page, for each KV head. */
    void digest(DigestKind kind, int frame, int[] digestFrames, int page);

    void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q, int qOffset,
            int queryHeads, float[] importance);

    default void append(int frame, int slot, int tokens, float[] keys, int stride) {
        Scene.vector(frames()).append(frame, slot, tokens, keys, keys, 0, stride);
    }

    /** Frames for both forms. */
    static List<Digests> forms(PageGeometry geometry, int frames, Workers workers) {
        return List.of(new Reference(Scene.empty(geometry, frames)), vector(Scene.empty(geometry, frames), workers));
    }

    static Digests vector(FrameArray frames, Workers workers) {
        return new Vector(frames, new PageDigest(frames), new DigestScore(frames, workers));
    }

    record Vector(FrameArray frames, PageDigest digest, DigestScore score) implements Digests {
        @Override
        public void digest(DigestKind kind, int frame, int[] digestFrames, int page) {
            for (int head = 0; head < frames.geometry().heads(); head++) {
                digest.digest(kind, frame, head, digestFrames, page);
            }
        }

        @Override
        public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
                int qOffset, int queryHeads, float[] importance) {
            score.score(kind, aggregation, digestFrames, pages, q, qOffset, queryHeads, importance);
        }
    }

    record Reference(FrameArray frames) implements Digests {
        @Override
        public void digest(DigestKind kind, int frame, int[] digestFrames, int page) {
            for (int head = 0; head < frames.geometry().heads(); head++) {
                dev.kvasir.kernels.digest.reference.PageDigest.digest(frames, kind, frame, head, digestFrames, page);
            }
        }

        @Override
        public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
                int qOffset, int queryHeads, float[] importance) {
            for (int page = 0; page < pages; page++) {
                importance[page] = dev.kvasir.kernels.digest.reference.DigestScore.score(frames, kind, aggregation,
                        digestFrames, page, q, qOffset, queryHeads);
            }
        }
    }
}
