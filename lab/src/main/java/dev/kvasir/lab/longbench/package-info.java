/** LongBench (Bai et al., 2024) on the user's files, with its prompts, its truncation and its metrics. */
@NullMarked
package dev.kvasir.lab.longbench;

import org.jspecify.annotations.NullMarked;
