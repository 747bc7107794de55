package dev.kvasir.launch;

/** An argument is not UTF-8; the message is one sentence for the user. */
public final class NotUtf8Exception extends Exception {
    private static final long serialVersionUID = 1;

    private final String sentence;

    NotUtf8Exception(int number, String shown) {
        super(shown);
        sentence = "argument " + number + " (" + shown + ") is not UTF-8: write it in UTF-8, "
                + "or give a prompt in a file, with -f FILE";
    }

    /** The problem and the next action. */
    public String sentence() {
        return sentence;
    }
}
