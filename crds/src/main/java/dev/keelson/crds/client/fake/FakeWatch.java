package dev.keelson.crds.client.fake;

import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.client.WatchEvent;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A watch of the fake's log. {@link #poll} never waits, for tests that run everything on one thread. */
public final class FakeWatch<T extends HasMetadata> implements Watch<T> {
    private final FakeApiServer server;
    private final ResourceType<T> type;
    private final String namespace;
    private final ListOptions options;
    private final int generation;
    private long position;
    private volatile boolean closed;
    private Optional<WatchEvent<T>> ahead = Optional.empty();

    FakeWatch(FakeApiServer server, ResourceType<T> type, String namespace, ListOptions options, long position) {
        this.server = server;
        this.type = type;
        this.namespace = namespace;
        this.options = options;
        this.position = position;
        this.generation = server.generationOfWatches();
        server.since(type, position); // refuses a revision that is no longer in the log
    }

    /** The next event if there is one now. */
    public Optional<WatchEvent<T>> poll() {
        if (ahead.isPresent()) {
            Optional<WatchEvent<T>> event = ahead;
            ahead = Optional.empty();
            return event;
        }
        if (over()) {
            return Optional.empty();
        }
        synchronized (server) {
            for (FakeApiServer.Logged entry : server.since(type, position)) {
                position = entry.revision();
                Optional<WatchEvent<T>> event = translate(entry);
                if (event.isPresent()) {
                    return event;
                }
            }
            position = server.revision(); // nothing of ours up to here, also after a compaction
            return Optional.empty();
        }
    }

    /** Whether the server or the reader has ended this watch. */
    public boolean over() {
        return closed || server.generationOfWatches() != generation;
    }

    /** An object that starts or stops matching the selectors is, to this watcher, added or deleted. */
    private Optional<WatchEvent<T>> translate(FakeApiServer.Logged entry) {
        boolean now = !entry.type().equals("DELETED") && FakeApiServer.matches(entry.object(), namespace, options);
        boolean earlier = !entry.type().equals("ADDED") && FakeApiServer.matches(entry.before(), namespace, options);
        if (!now && !earlier || now && earlier && !wanted(entry)) {
            return Optional.empty();
        }
        T object = FakeApiClient.read(entry.object(), type, options);
        if (!now) {
            return Optional.of(new WatchEvent.Deleted<>(object));
        }
        return Optional.of(earlier ? new WatchEvent.Modified<>(object) : new WatchEvent.Added<>(object));
    }

    private boolean wanted(FakeApiServer.Logged change) {
        return options.detail() != ListOptions.Detail.METADATA_CHANGES
                || change.object().metadataDiffers(change.before());
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && !over()) {
            ahead = poll();
            if (ahead.isEmpty()) {
                await();
            }
        }
        return ahead.isPresent();
    }

    private void await() {
        try {
            server.awaitBeyond(position, generation);
        } catch (InterruptedException stopped) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public WatchEvent<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the watch is over");
        }
        WatchEvent<T> event = ahead.get();
        ahead = Optional.empty();
        return event;
    }

    @Override
    public void close() {
        closed = true;
    }
}
