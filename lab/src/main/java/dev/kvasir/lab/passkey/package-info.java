/** The passkey test: a long text hides a number, and a question at the end asks for it. */
@NullMarked
package dev.kvasir.lab.passkey;

import org.jspecify.annotations.NullMarked;
