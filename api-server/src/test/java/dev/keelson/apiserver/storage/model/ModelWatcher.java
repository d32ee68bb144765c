package dev.keelson.apiserver.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A client that lists and watches, pauses, hangs up and resumes at any server, and lists again only when it is told
 * that what it needs is gone. What it has received since each list must be exactly what happened.
 */
final class ModelWatcher {

    /** @param previous revision of the object before, 0 without one */
    private record Seen(long revision, WatchEvent.Type type, String key, String payload, long previous) {}

    private record Segment(long from, List<Seen> events) {}

    private final StoreWorld world;
    private final String namespace;
    private final Random random;
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> unjustified = new ArrayList<>();
    private long seen;
    private int connection;
    private boolean gone;

    ModelWatcher(StoreWorld world, String namespace, long seed) {
        this.world = world;
        this.namespace = namespace;
        this.random = new Random(seed);
        segments.add(new Segment(1, new ArrayList<>()));
        seen = 1;
    }

    /** One connection to one server; {@code floor} tells the newest revision that history may have lost by now. */
    void connectFor(long millis, LongSupplier floor) throws InterruptedException {
        StoreWorld.Server server =
                world.servers().get(random.nextInt(world.servers().size()));
        Connection mine = relistWhenGone(server);
        WatchCache.Subscription subscription =
                server.cache().subscribe("", ModelClient.RESOURCE, namespace, new Revision(resumeAt()), mine);
        if (random.nextInt(3) == 0) {
            subscription.pause();
            mine.awaitClosed(millis);
            subscription.resume();
        }
        mine.awaitClosed(millis);
        subscription.cancel();
        mine.disconnect(floor.getAsLong());
    }

    /** Stays connected until everything up to the revision has come, as often as it is sent away before that. */
    void finish(long last) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!connectedUntil(last)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("watch of \"%s\" is silent at revision %d of %d; the caches are at %s"
                        .formatted(
                                namespace,
                                resumeAt(),
                                last,
                                world.servers().stream()
                                        .map(server -> server.cache().revision())
                                        .toList()));
            }
        }
    }

    private boolean connectedUntil(long last) throws InterruptedException {
        StoreWorld.Server server = world.servers().getFirst();
        Connection mine = relistWhenGone(server);
        WatchCache.Subscription subscription =
                server.cache().subscribe("", ModelClient.RESOURCE, namespace, new Revision(resumeAt()), mine);
        boolean reached = mine.awaitRevision(last);
        subscription.cancel();
        return reached;
    }

    synchronized void check(Truth truth) {
        assertThat(unjustified).isEmpty();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            boolean last = i == segments.size() - 1;
            long upTo = last
                    ? truth.last()
                    : segment.events().isEmpty()
                            ? segment.from()
                            : segment.events().getLast().revision();
            List<Seen> expected = truth.events(namespace, segment.from(), upTo).stream()
                    .map(entry -> expected(truth, entry))
                    .toList();
            assertThat(segment.events())
                    .as("watch of \"%s\" after %d", namespace, segment.from())
                    .isEqualTo(expected);
        }
    }

    synchronized int events() {
        return segments.stream().mapToInt(segment -> segment.events().size()).sum();
    }

    private static Seen expected(Truth truth, Truth.Entry entry) {
        WatchEvent.Type type =
                switch (entry.kind()) {
                    case CREATED -> WatchEvent.Type.ADDED;
                    case UPDATED -> WatchEvent.Type.MODIFIED;
                    case DELETED -> WatchEvent.Type.DELETED;
                };
        long previous = entry.kind() == Change.Kind.CREATED
                ? 0
                : truth.state(entry.key(), entry.revision() - 1).orElseThrow().revision();
        return new Seen(entry.revision(), type, entry.key().toString(), entry.payload(), previous);
    }

    private synchronized long resumeAt() {
        return seen;
    }

    private synchronized Connection relistWhenGone(StoreWorld.Server server) {
        if (gone) {
            gone = false;
            WatchCache.Snapshot list = server.cache().list("", ModelClient.RESOURCE, namespace);
            seen = list.revision().value();
            segments.add(new Segment(seen, new ArrayList<>()));
        }
        return new Connection(++connection);
    }

    private final class Connection implements WatchCache.Subscriber {
        private final int number;
        private boolean closed;
        private boolean reloaded;

        Connection(int number) {
            this.number = number;
        }

        @Override
        public void onEvents(List<WatchEvent> events) {
            synchronized (ModelWatcher.this) {
                if (number != connection) {
                    return;
                }
                for (WatchEvent event : events) {
                    segments.getLast()
                            .events()
                            .add(new Seen(
                                    event.revision().value(),
                                    event.type(),
                                    event.key().toString(),
                                    Truth.payload(event.object().json()),
                                    event.previous()
                                            .map(CachedObject::revision)
                                            .orElse(Revision.NONE)
                                            .value()));
                }
                seen = events.getLast().revision().value();
                ModelWatcher.this.notifyAll();
            }
        }

        @Override
        public void onProgress(Revision revision) {
            synchronized (ModelWatcher.this) {
                if (number == connection) {
                    seen = Math.max(seen, revision.value());
                    ModelWatcher.this.notifyAll();
                }
            }
        }

        @Override
        public void onClose(Throwable cause) {
            synchronized (ModelWatcher.this) {
                if (number == connection) {
                    closed = true;
                    gone = cause instanceof StorageException e && e.kind() == StorageException.Kind.EXPIRED;
                    // A server that history has left behind starts afresh and sends everybody away, whatever they need.
                    reloaded = String.valueOf(cause.getMessage()).contains("loaded again");
                    ModelWatcher.this.notifyAll();
                }
            }
        }

        void awaitClosed(long millis) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            synchronized (ModelWatcher.this) {
                while (!closed && System.nanoTime() < end) {
                    ModelWatcher.this.wait(10);
                }
            }
        }

        /** Whether the revision was reached; not when the watch was closed or is silent for seconds. */
        boolean awaitRevision(long last) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            synchronized (ModelWatcher.this) {
                while (seen < last && !closed && System.nanoTime() < end) {
                    ModelWatcher.this.wait(10);
                }
                return seen >= last;
            }
        }

        /** Nothing that still arrives on this connection counts; being sent away needs a reason. */
        void disconnect(long floor) {
            synchronized (ModelWatcher.this) {
                connection++;
                if (gone && !reloaded && seen >= floor) {
                    unjustified.add("sent away at revision %d, history is kept after %d".formatted(seen, floor));
                }
            }
        }
    }
}
