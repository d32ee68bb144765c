package dev.keelson.crds.client;

/**
 * Hears about changes of a cache, after the cache shows them. Called by one thread per informer, so a handler must not
 * block: it notes which key changed and returns.
 */
public interface ResourceHandler<T> {

    default void onAdd(T object) {}

    default void onUpdate(T before, T after) {}

    /** The object's last known state; after a missed deletion that may be an older one. */
    default void onDelete(T last) {}
}
