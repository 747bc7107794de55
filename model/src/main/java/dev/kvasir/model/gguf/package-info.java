/**
 * GGUF model files: reads them memory-mapped and checks them, writes them atomically, quantises them, and makes random
 * ones.
 */
@NullMarked
package dev.kvasir.model.gguf;

import org.jspecify.annotations.NullMarked;
