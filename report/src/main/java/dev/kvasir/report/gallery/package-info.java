/** The gallery: keys of pages in three dimensions, with the volumes of their digests. */
@NullMarked
package dev.kvasir.report.gallery;

import org.jspecify.annotations.NullMarked;
