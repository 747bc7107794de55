/** Reports for readers: charts, tables and pages. This module does not depend on models. */
@NullMarked
package dev.kvasir.report;

import org.jspecify.annotations.NullMarked;
