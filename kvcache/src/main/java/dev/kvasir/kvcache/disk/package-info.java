/** The file of backups that memory has no room for. The only package of the cache that opens files. */
@NullMarked
package dev.kvasir.kvcache.disk;

import org.jspecify.annotations.NullMarked;
