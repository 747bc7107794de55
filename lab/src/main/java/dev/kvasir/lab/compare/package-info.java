/** Policies side by side: tables, charts and findings out of results. */
@NullMarked
package dev.kvasir.lab.compare;

import org.jspecify.annotations.NullMarked;
