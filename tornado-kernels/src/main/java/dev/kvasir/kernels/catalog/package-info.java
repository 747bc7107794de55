/** All device kernels by name, for `ptx` and for the tests that compile each of them. */
@NullMarked
package dev.kvasir.kernels.catalog;

import org.jspecify.annotations.NullMarked;
