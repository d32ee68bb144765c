package dev.keelson.crds.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The objects of one list-and-watch, with indexes. It has no thread of its own: an {@link Informer} feeds it from a
 * server, a simulation feeds it event by event.
 *
 * <p>Feeding ({@link #replace}, {@link #apply}) is for one thread; reading is for any. Handlers run on the feeding
 * thread after the change is visible.
 */
public final class InformerCache<T extends HasMetadata> implements Lister<T> {
    private static final System.Logger LOG = System.getLogger(InformerCache.class.getName());

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final NavigableMap<ObjectKey, T> objects = new TreeMap<>();
    private final Map<String, Index<T>> indexes = new HashMap<>();
    private final List<ResourceHandler<T>> handlers = new ArrayList<>();
    /** Guards the order of notifications, so that a handler added late sees each object exactly once. */
    private final Object dispatch = new Object();

    private final UnaryOperator<T> trim;

    private volatile long revision;
    private volatile boolean synced;

    public InformerCache() {
        this(object -> object);
    }

    /**
     * @param trim takes off what no reader needs before an object is kept; it may change its argument
     */
    public InformerCache(UnaryOperator<T> trim) {
        this.trim = trim;
    }

    /** Files every object under the values that {@code extractor} names; repeated registration under a name is kept. */
    public void addIndex(String name, Function<T, ? extends Collection<String>> extractor) {
        exclusively(() -> {
            if (!indexes.containsKey(name)) {
                Index<T> index = new Index<>(extractor);
                objects.forEach(index::add);
                indexes.put(name, index);
            }
            return true;
        });
    }

    /** Adds a handler and tells it of every object that is already here. */
    public void addHandler(ResourceHandler<T> handler) {
        synchronized (dispatch) {
            handlers.add(handler);
            list().forEach(handler::onAdd);
        }
    }

    /** Takes over a complete list: what it lacks is gone. */
    public void replace(ObjectList<T> all) {
        synchronized (dispatch) {
            Map<ObjectKey, T> gone = new TreeMap<>(shared(() -> objects));
            for (T object : all.items()) {
                gone.remove(ObjectKey.of(object));
                store(object);
            }
            gone.forEach((key, last) -> remove(key));
            revision = Math.max(revision, Revisions.parse(all.resourceVersion()));
            synced = true;
        }
    }

    /** Takes over one event; an event that the cache is already past changes nothing. */
    public void apply(WatchEvent<T> event) {
        synchronized (dispatch) {
            switch (event) {
                case WatchEvent.Added<T>(T object) -> store(object);
                case WatchEvent.Modified<T>(T object) -> store(object);
                case WatchEvent.Deleted<T>(T object) -> delete(object);
                case WatchEvent.Bookmark<T>(String seen) -> revision = Math.max(revision, Revisions.parse(seen));
            }
        }
    }

    private void store(T received) {
        ObjectKey key = ObjectKey.of(received);
        Optional<T> before = shared(() -> Optional.ofNullable(objects.get(key)));
        if (before.isPresent() && !sameUid(before.get(), received)) {
            remove(key);
            before = Optional.empty();
        }
        if (before.isPresent() && Revisions.of(received) <= Revisions.of(before.get()) && Revisions.of(received) > 0) {
            return;
        }
        T object = trim.apply(received);
        // The cache never sends field ownership back, and it is often half of an object's size.
        object.getMetadata().setManagedFields(null);
        exclusively(() -> put(key, object));
        revision = Math.max(revision, Revisions.of(object));
        if (before.isPresent()) {
            T previous = before.get();
            notifyHandlers(handler -> handler.onUpdate(previous, object));
        } else {
            notifyHandlers(handler -> handler.onAdd(object));
        }
    }

    private void delete(T object) {
        ObjectKey key = ObjectKey.of(object);
        boolean ours = get(key.namespace(), key.name())
                .filter(held -> sameUid(held, object))
                .isPresent();
        if (ours) {
            remove(key);
        }
        revision = Math.max(revision, Revisions.of(object));
    }

    private void remove(ObjectKey key) {
        T last = exclusively(() -> {
            T held = objects.remove(key);
            indexes.values().forEach(index -> index.remove(key, held));
            return held;
        });
        notifyHandlers(handler -> handler.onDelete(last));
    }

    private T put(ObjectKey key, T object) {
        Optional<T> before = Optional.ofNullable(objects.put(key, object));
        for (Index<T> index : indexes.values()) {
            index.replace(key, before, object);
        }
        return object;
    }

    private void notifyHandlers(Consumer<ResourceHandler<T>> call) {
        for (ResourceHandler<T> handler : handlers) {
            try {
                call.accept(handler);
            } catch (RuntimeException broken) {
                // One handler's bug must not stop the cache for everybody else.
                LOG.log(
                        System.Logger.Level.ERROR,
                        "handler failed handler=" + handler.getClass().getName(),
                        broken);
            }
        }
    }

    private boolean sameUid(T one, T other) {
        return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
    }

    @Override
    public Optional<T> get(String namespace, String name) {
        return shared(() -> Optional.ofNullable(objects.get(new ObjectKey(namespace, name))));
    }

    @Override
    public List<T> list() {
        return shared(() -> List.copyOf(objects.values()));
    }

    @Override
    public List<T> inNamespace(String namespace) {
        // Names are never empty, so the range from "" up to the next possible namespace holds exactly this one.
        return shared(() -> List.copyOf(
                objects.subMap(new ObjectKey(namespace, ""), true, new ObjectKey(namespace + '\0', ""), false)
                        .values()));
    }

    @Override
    public List<T> byIndex(String index, String value) {
        return shared(() -> {
            Index<T> found = indexes.get(index);
            if (found == null) {
                throw new IllegalStateException("no index \"" + index + "\"; there are " + indexes.keySet());
            }
            return found.values(value);
        });
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public boolean synced() {
        return synced;
    }

    private <R> R shared(Supplier<R> read) {
        lock.readLock().lock();
        try {
            return read.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private <R> R exclusively(Supplier<R> write) {
        lock.writeLock().lock();
        try {
            return write.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private record Index<T>(
            Function<T, ? extends Collection<String>> extractor, Map<String, NavigableMap<ObjectKey, T>> filed) {

        Index(Function<T, ? extends Collection<String>> extractor) {
            this(extractor, new HashMap<>());
        }

        void add(ObjectKey key, T object) {
            extractor.apply(object).forEach(value -> add(key, value, object));
        }

        private void add(ObjectKey key, String value, T object) {
            filed.computeIfAbsent(value, unused -> new TreeMap<>()).put(key, object);
        }

        /** Most changes leave an object where it is filed. */
        void replace(ObjectKey key, Optional<T> before, T object) {
            Collection<String> now = extractor.apply(object);
            before.map(extractor::apply).ifPresent(values -> values.stream()
                    .filter(value -> !now.contains(value))
                    .forEach(value -> remove(key, value)));
            now.forEach(value -> add(key, value, object));
        }

        void remove(ObjectKey key, T object) {
            extractor.apply(object).forEach(value -> remove(key, value));
        }

        private void remove(ObjectKey key, String value) {
            filed.computeIfPresent(value, (unused, held) -> {
                held.remove(key);
                return held.isEmpty() ? null : held;
            });
        }

        List<T> values(String value) {
            NavigableMap<ObjectKey, T> held = filed.get(value);
            return held == null ? List.of() : List.copyOf(held.values());
        }
    }
}
