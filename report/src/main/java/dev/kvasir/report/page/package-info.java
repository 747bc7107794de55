/** The report as a page: one HTML file that needs nothing else. */
@NullMarked
package dev.kvasir.report.page;

import org.jspecify.annotations.NullMarked;
