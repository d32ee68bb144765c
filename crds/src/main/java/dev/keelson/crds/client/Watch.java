package dev.keelson.crds.client;

import java.util.Iterator;

/** An open watch: a blocking stream of events in revision order. Closing it from another thread ends the stream. */
public interface Watch<T> extends Iterator<WatchEvent<T>>, AutoCloseable {
    @Override
    void close();
}
