package dev.keelson.bench.store;

import java.time.Duration;

/** Clients that write to a store, each its next value as soon as the one before is on disk. */
interface Load {
    String name();

    /** @throws Exception when a write fails */
    Loops.Result run(int clients, Duration time) throws Exception;
}
