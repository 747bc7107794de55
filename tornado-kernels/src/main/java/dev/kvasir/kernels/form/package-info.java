/** Which forms of the operations run on this machine: a description for people. Nothing is chosen here. */
@NullMarked
package dev.kvasir.kernels.form;

import org.jspecify.annotations.NullMarked;
