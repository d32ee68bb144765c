package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One resource in memory: its current objects, which any thread may read, and its recent events and subscribers, which
 * belong to the cache's thread.
 */
final class ResourceView {
    /** The objects and the revision of the last change among them, replaced together. */
    record State(SortedChunks objects, Revision revision) {}

    private final Scope scope;
    private final EventRing recent = new EventRing();
    private final Subscriptions subscriptions;
    private volatile State state;
    /** Every event after this revision is in {@link #recent}. */
    private Revision floor;

    ResourceView(Scope scope, Revision floor) {
        this.scope = scope;
        this.floor = floor;
        this.subscriptions = new Subscriptions(floor);
        this.state = new State(SortedChunks.EMPTY, floor);
    }

    Scope scope() {
        return scope;
    }

    State state() {
        return state;
    }

    Revision floor() {
        return floor;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    List<WatchEvent> after(Revision cursor, int limit, long bytes) {
        return recent.after(cursor, limit, bytes);
    }

    boolean hasAfter(Revision cursor) {
        return recent.hasAfter(cursor);
    }

    void evictOldest() {
        floor = recent.removeFirst().revision();
    }

    /** Takes over what is stored, without events: nobody can have seen anything before. */
    void load(List<Stored> page) {
        SortedChunks objects = state.objects();
        for (Stored stored : page) {
            objects = objects.with(cached(stored));
        }
        state = new State(objects, state.revision());
    }

    /** Applies changes of this resource in order and returns the events they make. */
    List<WatchEvent> apply(List<Change> changes) {
        SortedChunks objects = state.objects();
        List<WatchEvent> events = new ArrayList<>(changes.size());
        for (Change change : changes) {
            Optional<CachedObject> previous =
                    objects.get(change.key().namespace(), change.key().name());
            CachedObject object = cached(change.object());
            boolean deleted = change.kind() == Change.Kind.DELETED;
            if (deleted && previous.isEmpty()) {
                // A heartbeat that came and went between two reads: nobody saw it, so nobody hears of its end.
                continue;
            }
            objects = deleted
                    ? objects.without(change.key().namespace(), change.key().name())
                    : objects.with(object);
            events.add(new WatchEvent(type(deleted, previous), object.key(), object.revision(), object, previous));
        }
        state = new State(objects, changes.getLast().revision());
        events.forEach(recent::add);
        return events;
    }

    /** Tells whom the events of one {@link #apply} concern. */
    void deliver(List<WatchEvent> events) {
        subscriptions.concernedBy(events).forEach(CursorSubscription::wake);
        subscriptions.offered(state.revision());
    }

    /** An event out of history, where the feed knows what was there before. */
    static WatchEvent replay(Change change) {
        WatchEvent.Type type =
                switch (change.kind()) {
                    case CREATED -> WatchEvent.Type.ADDED;
                    case UPDATED -> WatchEvent.Type.MODIFIED;
                    case DELETED -> WatchEvent.Type.DELETED;
                };
        return new WatchEvent(
                type,
                change.key(),
                change.revision(),
                new CachedJson(change.object()),
                change.previous().map(CachedJson::new));
    }

    /** Objects of a resource share the strings of their keys: thousands of copies of "pods" would cost real memory. */
    private CachedObject cached(Stored stored) {
        ObjectKey key = new ObjectKey(
                scope.group(),
                scope.resource(),
                stored.key().namespace().intern(),
                stored.key().name());
        return new CachedJson(new Stored(key, stored.uid(), stored.revision(), stored.json()));
    }

    private static WatchEvent.Type type(boolean deleted, Optional<CachedObject> previous) {
        if (deleted) {
            return WatchEvent.Type.DELETED;
        }
        return previous.isPresent() ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED;
    }
}
