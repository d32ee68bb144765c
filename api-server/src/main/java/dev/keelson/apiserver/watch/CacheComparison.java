package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.ResourceVersion;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares memory with the store, a page at a time, round and round. Both change while one looks, so what seems to
 * differ is looked at again in an order in which only a real difference remains. One is counted, logged and repaired.
 */
public final class CacheComparison {
    private static final Logger LOG = System.getLogger(CacheComparison.class.getName());
    private static final int PAGE = 200;
    private static final int LOOKS = 3;
    static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::group)
            .thenComparing(ObjectKey::resource)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    private final Sequence sequence;
    private final LiveWatchCache cache;
    private final StoredPages store;
    private final CacheMetrics metrics;
    private Optional<ObjectKey> after = Optional.empty();

    public CacheComparison(Sequence sequence, LiveWatchCache cache, StoredPages store, CacheMetrics metrics) {
        this.sequence = sequence;
        this.cache = cache;
        this.store = store;
        this.metrics = metrics;
    }

    /** Compares the next page; calls must not overlap. Answers with the keys that really differ. */
    public CompletionStage<List<ObjectKey>> next() {
        return store.page(sequence, after, PAGE).thenCompose(page -> {
            List<ObjectKey> suspects = suspects(page);
            after = page.size() < PAGE
                    ? Optional.empty()
                    : Optional.of(page.getLast().key());
            return confirm(suspects);
        });
    }

    private List<ObjectKey> suspects(List<Stored> page) {
        Optional<ObjectKey> last = page.size() < PAGE
                ? Optional.empty()
                : Optional.of(page.getLast().key());
        Map<ObjectKey, Stored> stored = page.stream().collect(Collectors.toMap(Stored::key, Function.identity()));
        List<ObjectKey> suspects = new ArrayList<>();
        page.stream()
                .filter(each -> cache.get(each.key())
                        .filter(cached -> newerOrSame(cached, each))
                        .isEmpty())
                .forEach(each -> suspects.add(each.key()));
        cache.between(sequence, after, last).stream()
                .map(CachedObject::key)
                .filter(key -> !stored.containsKey(key))
                .forEach(suspects::add);
        return suspects;
    }

    private CompletionStage<List<ObjectKey>> confirm(List<ObjectKey> suspects) {
        List<CompletableFuture<Boolean>> looks = suspects.stream()
                .map(key -> differs(key, LOOKS).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<ObjectKey> different = new ArrayList<>();
            for (int i = 0; i < looks.size(); i++) {
                if (looks.get(i).join()) {
                    different.add(suspects.get(i));
                }
            }
            if (!different.isEmpty()) {
                report(different);
            }
            return List.copyOf(different);
        });
    }

    private CompletionStage<Boolean> differs(ObjectKey key, int looks) {
        return cache.awaitLatest(key.group(), key.resource()).thenCompose(before -> store.find(key)
                .thenCompose(
                        stored -> cache.awaitLatest(key.group(), key.resource()).thenCompose(reached -> {
                            boolean differs = differs(cache.get(key), stored, before);
                            return differs && looks > 1
                                    ? differs(key, looks - 1)
                                    : CompletableFuture.completedStage(differs);
                        })));
    }

    /**
     * Whether memory is wrong, given that it has caught up with the store after the object was read. It may be newer
     * than what was read. An object that was not there may have been created since, so it is wrong to have it only at a
     * revision from before the read.
     */
    private static boolean differs(Optional<CachedObject> cached, Optional<Stored> stored, Revision before) {
        if (stored.isEmpty()) {
            return cached.filter(object -> object.revision().compareTo(before) <= 0)
                    .isPresent();
        }
        return cached.filter(object -> newerOrSame(object, stored.get())).isEmpty();
    }

    /** @param stored read before memory was */
    private static boolean newerOrSame(CachedObject cached, Stored stored) {
        return cached.revision().compareTo(stored.revision()) > 0 || same(cached, stored);
    }

    private static boolean same(CachedObject cached, Stored stored) {
        return cached.revision().equals(stored.revision())
                && cached.uid().equals(stored.uid())
                && Arrays.equals(ResourceVersion.remove(cached.json(), cached.revision()), stored.json());
    }

    private void report(List<ObjectKey> different) {
        metrics.differences(different.size());
        LOG.log(Level.ERROR, "memory differs from the store sequence={0} objects={1}", sequence, different);
        cache.reload(sequence, different.size() + " objects differed from the store");
    }
}
