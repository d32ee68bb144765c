package dev.keelson.crds.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/**
 * Reads of a cache that a watch keeps up to date. Never blocks and never asks the server; what it answers may lag.
 *
 * <p>Objects are shared between all readers: treat them as values and copy one ({@code toBuilder()}) before changing
 * it. Lists are snapshots and immutable.
 */
public interface Lister<T extends HasMetadata> {

    /** The object, or empty when the cache does not hold it; the namespace is empty for cluster-scoped types. */
    Optional<T> get(String namespace, String name);

    /** All objects, ordered by namespace and name. */
    List<T> list();

    /** All objects of one namespace, ordered by name. */
    List<T> inNamespace(String namespace);

    /** The objects that the named index files under {@code value}; see {@link InformerCache#addIndex}. */
    List<T> byIndex(String index, String value);

    /** The revision that the cache reflects: everything written up to it is visible here. 0 before the first list. */
    long revision();

    /** Whether a first complete list has arrived. Before that, absence means nothing. */
    boolean synced();
}
