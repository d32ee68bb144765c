package dev.keelson.controllers.runtime;

import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** One cache per type, shared by all controllers, so that an object is in memory once. */
public interface Informers {

    /** The cache of a type over all namespaces; asking for it is what makes it be kept. */
    <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type);

    /**
     * The same for a type that nothing waits for when the controllers start: unless somebody asks for its {@link #cache},
     * it is filled some time afterwards.
     *
     * <p>Many of these types are known by metadata alone ({@link CacheContents}) and only changes of that are heard of, so
     * an object's resourceVersion may be older than the object.
     */
    default <T extends HasMetadata> InformerCache<T> cacheLater(ResourceType<T> type) {
        return cache(type);
    }

    /**
     * The metadata of some of the objects in all namespaces; every change of them is told, also of their contents.
     *
     * @param fieldSelector which, such as {@code metadata.name=web}
     */
    <T extends HasMetadata> InformerCache<T> selected(ResourceType<T> type, String fieldSelector);

    /** Gives up the cache of a type that is not served any more. */
    default void release(ResourceType<?> type) {}
}
