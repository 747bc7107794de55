package dev.kvasir.kernels.form;

/**
 * The form in which an operation runs.
 *
 * @param operation {@code attention}, {@code digests}, {@code weights} or {@code prompts}
 * @param data the type and shape of what it reads: {@code f16 pages of 32}, {@code q4_k}; empty if it has only one
 * @param form {@code machine code}, or what runs in its place
 * @param reason why no faster form runs; empty if the fastest does
 */
public record Form(String operation, String data, String form, String reason) {

    /** The part of {@link Forms#line} for it. */
    String inWords() {
        String what = switch (operation) {
            case "weights" -> data;
            case "attention" -> operation + " (" + data + ")";
            default -> operation;
        };
        return what + " " + form + (reason.isEmpty() ? "" : ": " + reason);
    }
}
