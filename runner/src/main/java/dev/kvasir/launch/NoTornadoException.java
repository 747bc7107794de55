package dev.kvasir.launch;

/** There is no TornadoVM that Kvasir can run on; the message is one sentence for the user. */
public final class NoTornadoException extends Exception {
    private static final long serialVersionUID = 1;

    /** How to get an SDK, as the end of a sentence. */
    static final String HOW = "install one with `sdk install tornadovm` (SDKMAN; choose a jdk25 version for your device) or from "
            + "https://www.tornadovm.org/downloads, and set " + TornadoSdk.TORNADOVM_HOME + " to its folder";

    private final String sentence;

    NoTornadoException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /** The problem and the next action. */
    public String sentence() {
        return sentence;
    }
}
