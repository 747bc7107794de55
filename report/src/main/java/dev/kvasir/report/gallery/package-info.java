/** The geometry of digests: keys of pages in three dimensions, with the volumes that stand for them. */
@NullMarked
package dev.kvasir.report.gallery;

import org.jspecify.annotations.NullMarked;
