package dev.kvasir.launch;

/** Reports an argument that is not text in UTF-8. */
final class UnreadableArgumentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableArgumentException(int number, String decoded) {
        super(String
                .format("argument %d, '%s', is not UTF-8: type it in UTF-8, or put the text into a file and give it "
                        + "with -f FILE or -f -", number, decoded));
    }
}
