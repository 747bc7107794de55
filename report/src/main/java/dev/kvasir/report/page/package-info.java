/** The report as a page: one HTML file without other files or network access. */
@NullMarked
package dev.kvasir.report.page;

import org.jspecify.annotations.NullMarked;
