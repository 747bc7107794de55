package dev.kvasir.model.chat.jinja;

/**
 * The value of a missing name, attribute or item. It is empty as text and false in a condition; most other uses are an
 * error.
 *
 * @param problem why there is no value, for messages
 */
record Undefined(String problem) {

    /** The value of a missing thing. */
    static Undefined of(String what) {
        return new Undefined(what + " is undefined");
    }

    JinjaException used() {
        return new JinjaException(problem);
    }
}
