package dev.keelson.apiserver.storage.model;

import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.watch.LiveWatchCache;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A store with servers over it, and what may befall them. */
interface StoreWorld extends AutoCloseable {

    /** One server: its storage and its cache. A server that was replaced goes on refusing. */
    record Server(Storage storage, ChangeFeed log, LiveWatchCache cache) {}

    List<Server> servers();

    /** Forgets some history: nothing after the revision, and nothing that was committed at the moment or later. */
    void compact(Revision upTo, Instant before);

    /** Takes one server down as a crash would, or the database under all of them, and brings it up again. */
    void crash(Random random);

    @Override
    void close();
}
