package dev.kvasir.model.chat;

/** A chat template that cannot be read or rendered; the message is one sentence with the line of the template. */
public final class ChatTemplateException extends RuntimeException {

    /** A problem that the message describes completely. */
    public ChatTemplateException(String message) {
        super(message);
    }
}
