package dev.keelson.crds.client;

import java.util.function.Consumer;

/**
 * Hears about changes of a cache, after the cache shows them. Called by one thread per informer, so a handler must not
 * block: it notes which key changed and returns.
 */
public interface ResourceHandler<T> {

    default void onAdd(T object) {}

    default void onUpdate(T before, T after) {}

    /** The object's last known state; after a missed deletion that may be an older one. */
    default void onDelete(T last) {}

    /**
     * A handler that treats every change alike. An update concerns both states: what the object referred to before may be
     * another thing than what it refers to now.
     */
    static <T> ResourceHandler<T> each(Consumer<? super T> concern) {
        return new ResourceHandler<>() {
            @Override
            public void onAdd(T object) {
                concern.accept(object);
            }

            @Override
            public void onUpdate(T before, T after) {
                concern.accept(before);
                concern.accept(after);
            }

            @Override
            public void onDelete(T last) {
                concern.accept(last);
            }
        };
    }
}
