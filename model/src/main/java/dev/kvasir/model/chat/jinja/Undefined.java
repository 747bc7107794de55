package dev.kvasir.model.chat.jinja;

/**
 * What a missing name, attribute or item yields: empty when shown, false when asked, an error when used.
 *
 * @param what what was missing, for messages
 */
record Undefined(String what) {

    JinjaException used() {
        return new JinjaException(what + " is undefined");
    }
}
