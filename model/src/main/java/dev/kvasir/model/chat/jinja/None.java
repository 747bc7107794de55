package dev.kvasir.model.chat.jinja;

/** Jinja's {@code none}. */
enum None {
    NONE
}
