package dev.keelson.apiserver.registry.store;

import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads from memory that are as fresh as the caller asks for. Waits, so only for virtual threads. */
public final class Reads {
    /** How long a read waits for a revision that this server has not seen (as the Kubernetes watch cache does). */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final WatchCache cache;

    public Reads(WatchCache cache) {
        this.cache = cache;
    }

    /** Where an object of the kind lives; the namespace of a cluster-scoped object is empty. */
    public static ObjectKey key(ResourceDefinition kind, String namespace, String name) {
        return new ObjectKey(kind.storageGroup(), kind.plural(), kind.namespaced() ? namespace : "", name);
    }

    /** Waits until memory shows everything of the kind that was committed before this call. */
    public void awaitLatest(ResourceDefinition kind) {
        Waiting.forResult(cache.awaitLatest(kind.storageGroup(), kind.plural()));
    }

    /** Waits until memory shows the revision; a revision far ahead of the log is refused as Kubernetes refuses it. */
    public void awaitRevision(ResourceDefinition kind, Revision wanted) {
        Revision shown = cache.revision(kind.storageGroup(), kind.plural());
        if (shown.compareTo(wanted) >= 0) {
            return;
        }
        try {
            Waiting.forResult(cache.await(kind.storageGroup(), kind.plural(), wanted), PATIENCE);
        } catch (ApiFailure | StorageException late) {
            throw tooLarge(wanted, shown);
        }
    }

    public Optional<CachedObject> cached(ResourceDefinition kind, String namespace, String name) {
        return cache.get(key(kind, namespace, name)).map(kind.strategy()::served);
    }

    /** One object, or the refusal that it is not there. */
    public CachedObject require(ResourceDefinition kind, String namespace, String name) {
        return cached(kind, namespace, name).orElseThrow(() -> ApiFailure.notFound(kind, name));
    }

    /** One object as of now: from memory when it is there, else after memory has caught up. */
    public CachedObject requireLatest(ResourceDefinition kind, String namespace, String name) {
        awaitLatest(kind);
        return require(kind, namespace, name);
    }

    public WatchCache.Snapshot list(ResourceDefinition kind, String namespace) {
        WatchCache.Snapshot stored = cache.list(kind.storageGroup(), kind.plural(), namespace);
        return new WatchCache.Snapshot(stored.revision(), kind.strategy().served(stored.objects()));
    }

    private static ApiFailure tooLarge(Revision wanted, Revision shown) {
        StatusDetails.Cause cause =
                new StatusDetails.Cause("ResourceVersionTooLarge", "Too large resource version", "");
        return new ApiFailure(
                StatusReason.TIMEOUT,
                "Too large resource version: " + wanted + ", current: " + shown,
                StatusDetails.NONE.withCauses(List.of(cause)).withRetryAfter(1));
    }
}
