package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;

/**
 * What a watch begins with, written piece by piece as the client takes it: thousands of watches that nobody reads must
 * not each hold a copy of the list.
 */
final class InitialEvents {
    private static final int PIECE = 16 * 1024;

    private final WatchEventWriter writer;
    private final Iterator<CachedObject> left;
    private boolean closingBookmark;
    private final Revision revision;

    /** @param marked whether a bookmark says that everything present has been sent (KEP-3157) */
    InitialEvents(WatchEventWriter writer, List<CachedObject> selected, Revision revision, boolean marked) {
        this.writer = writer;
        this.left = selected.iterator();
        this.revision = revision;
        this.closingBookmark = marked;
    }

    /** The revision behind which events go on. */
    Revision revision() {
        return revision;
    }

    boolean hasNext() {
        return left.hasNext() || closingBookmark;
    }

    /** The next piece, at most 16 KiB and one object. */
    Buffer next() {
        Buffer out = Buffer.buffer();
        while (left.hasNext() && out.length() < PIECE) {
            writer.added(out, left.next());
        }
        if (!left.hasNext() && closingBookmark) {
            closingBookmark = false;
            out.appendBuffer(writer.bookmark(revision, true));
        }
        return out;
    }
}
