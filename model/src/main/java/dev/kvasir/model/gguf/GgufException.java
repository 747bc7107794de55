package dev.kvasir.model.gguf;

import java.io.IOException;

/** A model file cannot be read or written: the message is one sentence with the file, the numbers and the next action. */
public final class GgufException extends IOException {
    public GgufException(String message) {
        super(message);
    }

    public GgufException(String message, Throwable cause) {
        super(message, cause);
    }
}
