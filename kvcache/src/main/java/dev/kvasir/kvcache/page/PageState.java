package dev.kvasir.kvcache.page;

/**
 * Where a page is in its life. Every page that has been opened is in exactly one state. The state follows from the page
 * table, the backups and the recalls under way; nothing stores it.
 *
 * <pre>
 *                 tokens    frame      backup                        may leave its frame
 * FILLING         missing   yes        no                            no
 * FULL            all       yes        under way, failed, or none    when the backup is complete
 * BACKED_UP       all       yes        complete                      no: a sink, or in the window
 * RESIDENT        all       yes        complete                      yes
 * LEAVING         all       held       under way, or just complete   it has left its place
 * ABSENT          all       no         complete, or none             -
 * COMING_EARLY    arriving  yes        complete                      no
 * COMING_LATE     arriving  yes        complete                      no
 * </pre>
 *
 * Where pages are never backed up, a page is {@link #FULL} until it is {@link #ABSENT}. A token of a cache of single
 * tokens is {@link #RESIDENT} until it is {@link #ABSENT}.
 */
public enum PageState {
    /** It has a frame, and its last token has not been written. */
    FILLING("filling"),
    /** It has a frame and all its tokens, and no complete backup. */
    FULL("full"),
    /** It has a frame and a complete backup, and is a sink or in the window: it stays. */
    BACKED_UP("backed-up"),
    /** It has a frame and a complete backup, and may leave. */
    RESIDENT("resident"),
    /**
     * It has been evicted while its backup was under way and still holds its frame: until the backup is complete and the
     * frame is wanted, at the latest until the text has been read. Only while a text is read: a decode step waits for the
     * backup.
     */
    LEAVING("leaving"),
    /** It has no frame. It can come back if it has a backup. */
    ABSENT("absent"),
    /** It has a frame, and a copy into it is under way because the query of the layer before selected it. */
    COMING_EARLY("coming-early"),
    /** It has a frame, and a copy into it is under way because the query of its own layer selected it. */
    COMING_LATE("coming-late");

    private final String word;

    PageState(String word) {
        this.word = word;
    }

    /** Whether a page in this state occupies a frame. */
    public boolean hasFrame() {
        return this != ABSENT;
    }

    /** The word in a trace. */
    @Override
    public String toString() {
        return word;
    }
}
