package dev.keelson.apiserver.storage.model;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Reads the log to its end whenever it is asked, before anything of it is forgotten. */
final class Witness {
    private final StoreWorld world;
    private final List<Truth.Entry> entries = new ArrayList<>();
    private long seen = 1;

    Witness(StoreWorld world) {
        this.world = world;
    }

    /** Returns the newest revision that was there. */
    synchronized long look() {
        while (true) {
            List<Change> more = read();
            if (more.isEmpty()) {
                return seen;
            }
            more.forEach(change -> entries.add(Truth.Entry.of(change)));
            seen = more.getLast().revision().value();
        }
    }

    synchronized Truth truth() {
        look();
        return new Truth(entries);
    }

    private List<Change> read() {
        CompletionException last = new CompletionException("not tried", null);
        for (int attempt = 0; attempt < 50; attempt++) {
            try {
                return world.servers()
                        .getFirst()
                        .log()
                        .readAfter(new Revision(seen), ReadLimit.changes(500))
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException away) {
                last = away;
            }
        }
        throw last;
    }
}
