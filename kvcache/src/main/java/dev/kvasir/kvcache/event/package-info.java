/** What happens to pages, told to listeners as it happens: counters, JFR, and whoever asks. Part of the API. */
@NullMarked
package dev.kvasir.kvcache.event;

import org.jspecify.annotations.NullMarked;
