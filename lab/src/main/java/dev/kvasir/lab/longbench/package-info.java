/** LongBench (Bai et al., 2024) on files that the user has: its prompts, its truncation, its metrics. */
@NullMarked
package dev.kvasir.lab.longbench;

import org.jspecify.annotations.NullMarked;
