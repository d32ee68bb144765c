package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** All resources of one revision sequence in memory. */
final class SequenceCache implements SequenceTail.Sink {
    private static final Logger LOG = System.getLogger(SequenceCache.class.getName());
    /** What an event costs beside its bytes, roughly. */
    private static final int EVENT_OVERHEAD = 200;

    private static final long RELOAD_MILLIS = 1_000;

    private record Remembered(ResourceView view, int bytes) {}

    private final Sequence sequence;
    private final ChangeFeed feed;
    private final ScheduledExecutorService cacheThread;
    private final WatchCacheConfig config;
    private final CacheMetrics metrics;
    private final SequenceTail tail;
    private final LatestGate latest;
    private final RevisionWaiters waiters = new RevisionWaiters();
    private final HistoryPages pages = new HistoryPages();
    private final ArrayDeque<Remembered> window = new ArrayDeque<>();
    private long windowBytes;
    private Revision loadedAt = Revision.NONE;
    private volatile Map<Scope, ResourceView> views = new ConcurrentHashMap<>();

    SequenceCache(
            Sequence sequence,
            ChangeFeed feed,
            ScheduledExecutorService cacheThread,
            WatchCacheConfig config,
            CacheMetrics metrics) {
        this.sequence = sequence;
        this.feed = feed;
        this.cacheThread = cacheThread;
        this.config = config;
        this.metrics = metrics;
        this.tail = new SequenceTail(sequence, feed, cacheThread, this);
        this.latest = new LatestGate(feed);
    }

    CompletionStage<Void> load() {
        feed.listen(tail);
        Map<Scope, List<Stored>> loaded = new LinkedHashMap<>();
        return feed.load(page ->
                        page.forEach(stored -> loaded.computeIfAbsent(scope(stored.key()), absent -> new ArrayList<>())
                                .add(stored)))
                .thenAcceptAsync(revision -> replaceAll(loaded, revision), cacheThread);
    }

    private void replaceAll(Map<Scope, List<Stored>> loaded, Revision revision) {
        Map<Scope, ResourceView> fresh = new ConcurrentHashMap<>();
        loaded.forEach((scope, objects) -> {
            ResourceView view = new ResourceView(scope, revision);
            view.load(objects);
            fresh.put(scope, view);
        });
        Map<Scope, ResourceView> old = views;
        views = fresh;
        window.clear();
        windowBytes = 0;
        loadedAt = revision;
        StorageException gone = new StorageException(StorageException.Kind.EXPIRED, "the cache was loaded again");
        old.values().forEach(view -> view.subscriptions().all().forEach(each -> each.close(gone)));
        tail.startAt(revision);
        waiters.reached(revision);
        LOG.log(Level.INFO, "loaded sequence={0} revision={1} resources={2}", sequence, revision, fresh.size());
    }

    CompletionStage<Void> await(Revision revision) {
        if (tail.revision().compareTo(revision) >= 0) {
            return CompletableFuture.completedStage(null);
        }
        return waiters.add(revision, tail::revision, config.awaitTimeout());
    }

    CompletionStage<Revision> awaitLatest() {
        return latest.latest().thenCompose(revision -> await(revision).thenApply(reached -> revision));
    }

    Revision revision() {
        return tail.revision();
    }

    Optional<CachedObject> get(ObjectKey key) {
        return Optional.ofNullable(views.get(scope(key)))
                .flatMap(view -> view.state().objects().get(key.namespace(), key.name()));
    }

    WatchCache.Snapshot list(String group, String resource, String namespace) {
        // The order matters: everything up to this revision is in the state that is read after it, and what the state
        // may hold beyond it is named by the state's own revision.
        Revision seen = tail.revision();
        return Optional.ofNullable(views.get(new Scope(group, resource)))
                .map(ResourceView::state)
                .map(state -> new WatchCache.Snapshot(
                        newer(seen, state.revision()), state.objects().list(namespace)))
                .orElseGet(() -> new WatchCache.Snapshot(seen, List.of()));
    }

    WatchCache.Subscription subscribe(
            String group, String resource, String namespace, Revision from, WatchCache.Subscriber subscriber) {
        Scope scope = new Scope(group, resource);
        CursorSubscription subscription =
                new CursorSubscription(feed::history, pages, namespace, from, subscriber, cacheThread);
        cacheThread.execute(() -> subscription.start(view(scope)));
        return subscription;
    }

    /**
     * What is in memory behind one key and up to another, by {@link CacheComparison#ORDER} within a resource. Found by
     * search: a look at every object would keep an event loop from its clients.
     */
    List<CachedObject> between(Optional<ObjectKey> after, Optional<ObjectKey> last) {
        return views.values().stream()
                .map(view -> view.state().objects().list(""))
                .flatMap(all -> {
                    int from = after.map(key -> upTo(all, key)).orElse(0);
                    int to = last.map(key -> upTo(all, key)).orElse(all.size());
                    return all.subList(from, to).stream();
                })
                .toList();
    }

    /** How many of the objects, which are in order, come before the key or have it. */
    private static int upTo(List<CachedObject> ordered, ObjectKey key) {
        int low = 0;
        int high = ordered.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (CacheComparison.ORDER.compare(ordered.get(middle).key(), key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void poll() {
        tail.poll();
    }

    void progress() {
        Revision revision = tail.revision();
        views.values()
                .forEach(view -> view.subscriptions().all().forEach(subscription -> subscription.progress(revision)));
    }

    @Override
    public void apply(List<Change> changes) {
        Map<ResourceView, List<Change>> byView = new LinkedHashMap<>();
        changes.forEach(change -> byView.computeIfAbsent(view(scope(change.key())), absent -> new ArrayList<>())
                .add(change));
        Map<ResourceView, List<WatchEvent>> happened = new LinkedHashMap<>();
        byView.forEach((view, ofView) -> happened.put(view, view.apply(ofView)));
        happened.forEach((view, events) -> events.forEach(event -> remember(view, event)));
        Revision reached = changes.getLast().revision();
        tail.advanceTo(reached);
        waiters.reached(reached);
        happened.forEach(ResourceView::deliver);
    }

    @Override
    public void lost(String reason) {
        LOG.log(Level.ERROR, "loading the cache again sequence={0} reason=\"{1}\"", sequence, reason);
        metrics.reloaded();
        tail.suspend();
        load().whenComplete((done, error) -> {
            if (error != null) {
                LOG.log(Level.ERROR, "cannot load the cache, trying again sequence={0} error=\"{1}\"", sequence, error);
                cacheThread.schedule(() -> lost(reason), RELOAD_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private void remember(ResourceView view, WatchEvent event) {
        int bytes = event.object().json().length + EVENT_OVERHEAD;
        window.add(new Remembered(view, bytes));
        windowBytes += bytes;
        while (windowBytes > config.windowBytes() && window.size() > 1) {
            Remembered oldest = window.remove();
            oldest.view().evictOldest();
            windowBytes -= oldest.bytes();
        }
    }

    private ResourceView view(Scope scope) {
        return views.computeIfAbsent(scope, absent -> new ResourceView(absent, loadedAt));
    }

    private static Scope scope(ObjectKey key) {
        return new Scope(key.group(), key.resource());
    }

    private static Revision newer(Revision one, Revision other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
