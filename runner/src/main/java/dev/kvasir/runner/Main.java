package dev.kvasir.runner;

/** The command line of Kvasir. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println(String.join("|", args));
    }
}
