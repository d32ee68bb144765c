package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Revision;
import java.util.List;

/** Follows one resource for as long as the process lives, beginning anew when the cache was loaded again. */
public final class WatchFollower implements WatchCache.Subscriber {

    /** Hears of the resource; called from one thread at a time, and must not wait. */
    public interface Listener {
        /** Everything that there is now, in place of all that was heard before. */
        void replaced(String resource, List<CachedObject> objects);

        void changed(List<WatchEvent> events);
    }

    private final WatchCache cache;
    private final String group;
    private final String resource;
    private final Listener listener;

    private WatchFollower(WatchCache cache, String group, String resource, Listener listener) {
        this.cache = cache;
        this.group = group;
        this.resource = resource;
        this.listener = listener;
    }

    public static void start(WatchCache cache, String group, String resource, Listener listener) {
        new WatchFollower(cache, group, resource, listener).follow();
    }

    private void follow() {
        WatchCache.Snapshot snapshot = cache.list(group, resource, "");
        listener.replaced(resource, snapshot.objects());
        cache.subscribe(group, resource, "", snapshot.revision(), this);
    }

    @Override
    public void onEvents(List<WatchEvent> events) {
        listener.changed(events);
    }

    @Override
    public void onProgress(Revision revision) {}

    /** The cache was loaded again, or this process is ending, when nothing more will come. */
    @Override
    public void onClose(Throwable cause) {
        follow();
    }
}
