/** The page map: the pages of a KV cache by the steps of a run, as one HTML page without network access. */
@NullMarked
package dev.kvasir.report.pagemap;

import org.jspecify.annotations.NullMarked;
