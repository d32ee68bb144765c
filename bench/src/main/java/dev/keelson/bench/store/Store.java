package dev.keelson.bench.store;

import io.vertx.core.Future;

/** Something that keeps 2 KB values: each client writes its own. */
interface Store {
    int VALUE_BYTES = 1_800;

    String name();

    /** Done when the store has said that the value is on disk. */
    Future<Void> put(int client, long number);
}
