package dev.kvasir.model.chat.jinja;

/** Jinja's {@code namespace(…)}: fields that can be set inside loops. */
record Namespace(Dict fields) {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
