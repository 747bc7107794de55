/** Where the time of a decode step goes, and how fast many sequences decode under a cap on memory. */
@NullMarked
package dev.kvasir.lab.study.timing;

import org.jspecify.annotations.NullMarked;
