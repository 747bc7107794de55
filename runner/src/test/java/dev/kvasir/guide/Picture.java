package dev.kvasir.guide;

import java.util.function.Supplier;

/**
 * A picture of the guide.
 *
 * @param name  of its file, without the ending
 * @param drawn draws it
 */
record Picture(String name, Supplier<Sheet> drawn) {}
