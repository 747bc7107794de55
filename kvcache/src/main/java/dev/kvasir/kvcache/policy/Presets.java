package dev.kvasir.kvcache.policy;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Groups;

/**
 * The general options whose defaults depend on the policy.
 *
 * @param sinkPages first pages, never evicted
 * @param windowPages newest pages, the one being filled included, never evicted
 * @param digest the bounding volume that estimates the importance of a page
 * @param groups selection groups a layer
 * @param attend which pages a decoded token attends to
 */
public record Presets(int sinkPages, int windowPages, DigestKind digest, Groups groups, Attend attend) {

    /** Those of most policies. */
    public static final Presets USUAL = new Presets(2, 2, DigestKind.CUBOID_MEAN, Groups.LAYER, Attend.RESIDENT);
}
