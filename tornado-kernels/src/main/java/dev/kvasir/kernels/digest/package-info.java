/**
 * Digests: bounding volumes of the keys of a page ({@code PageDigest}), and the importance that a query gives them
 * ({@code DigestScore}, {@code CornerScore}). {@link dev.kvasir.kernels.digest.DigestKind} has the formulas. A digest
 * is read like a page of keys, so both share one reader.
 */
@NullMarked
package dev.kvasir.kernels.digest;

import org.jspecify.annotations.NullMarked;
