/** Text to token ids and back: the vocabularies, pre-tokenizers and merge rules that GGUF files name. */
@NullMarked
package dev.kvasir.model.tokenizer;

import org.jspecify.annotations.NullMarked;
