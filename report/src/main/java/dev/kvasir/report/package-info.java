/** Reports for readers: charts, tables and pages. This module knows nothing of models. */
@NullMarked
package dev.kvasir.report;

import org.jspecify.annotations.NullMarked;
