/** The passkey test: a number hidden in a long text, and asked for at its end. */
@NullMarked
package dev.kvasir.lab.passkey;

import org.jspecify.annotations.NullMarked;
