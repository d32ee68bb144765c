package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ReadLimit;

/**
 * How much of history a subscriber that fell behind is given at once. The window is shared, but such a page is its
 * reader's own until the reader has taken it, so thousands that read a little and stop must get little each. Little by
 * little, on the other hand, is slower than a busy cluster writes: who has shown that it takes what it is given gets
 * large pages, of which only a few are out at any time. Used on the cache's thread alone.
 */
final class HistoryPages {
    static final ReadLimit SMALL = new ReadLimit(64, 16 * 1024);
    static final ReadLimit LARGE = new ReadLimit(256, 256 * 1024);

    /** More than the buffers of a connection that nobody reads ever take. */
    private static final long SHOWN_BYTES = 16 << 20;

    private static final int MOST_LARGE = 16;

    private int large;

    /** @param replayedBytes what the subscriber has been given out of history so far */
    boolean takeLarge(long replayedBytes) {
        boolean given = replayedBytes >= SHOWN_BYTES && large < MOST_LARGE;
        if (given) {
            large++;
        }
        return given;
    }

    void giveLargeBack() {
        large--;
    }
}
