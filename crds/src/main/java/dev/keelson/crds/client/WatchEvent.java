package dev.keelson.crds.client;

/** One change in a watch stream. */
public sealed interface WatchEvent<T> {

    record Added<T>(T object) implements WatchEvent<T> {}

    record Modified<T>(T object) implements WatchEvent<T> {}

    record Deleted<T>(T object) implements WatchEvent<T> {}

    /** Nothing changed for this watcher up to the revision. */
    record Bookmark<T>(String resourceVersion) implements WatchEvent<T> {}
}
