/** GGUF model files: read memory-mapped and checked, written atomically, quantised, made up for measurements. */
@NullMarked
package dev.kvasir.model.gguf;

import org.jspecify.annotations.NullMarked;
