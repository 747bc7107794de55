/** Times a model's prompts and generations, with the names of llama-bench. */
@NullMarked
package dev.kvasir.runner.bench;

import org.jspecify.annotations.NullMarked;
