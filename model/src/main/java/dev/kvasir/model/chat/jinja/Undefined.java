package dev.kvasir.model.chat.jinja;

/**
 * The value of a missing name, attribute or item. It is empty as text and false in a condition; any other use is an
 * error.
 *
 * @param what the missing thing, for messages
 */
record Undefined(String what) {

    JinjaException used() {
        return new JinjaException(what + " is undefined");
    }
}
