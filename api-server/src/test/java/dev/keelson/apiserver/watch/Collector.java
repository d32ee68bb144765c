package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A subscriber that remembers what it was told and lets a test wait for it. */
public final class Collector implements WatchCache.Subscriber {
    private final List<WatchEvent> events = new ArrayList<>();
    private final List<Throwable> closed = new ArrayList<>();
    private Revision progress = Revision.NONE;
    private long deliveries;
    private boolean failing;
    private boolean once;
    private String onlyName = "";

    public Collector about(String name) {
        onlyName = name;
        return this;
    }

    @Override
    public Optional<String> onlyName() {
        return Optional.of(onlyName).filter(name -> !name.isEmpty());
    }

    public Collector failing() {
        failing = true;
        return this;
    }

    /** Takes one delivery and no more. */
    Collector once() {
        once = true;
        return this;
    }

    @Override
    public synchronized boolean ready() {
        return !once || events.isEmpty();
    }

    @Override
    public synchronized void onEvents(List<WatchEvent> batch) {
        if (failing) {
            throw new IllegalStateException("broken subscriber");
        }
        events.addAll(batch);
        deliveries++;
        notifyAll();
    }

    @Override
    public synchronized void onProgress(Revision revision) {
        progress = revision;
        notifyAll();
    }

    @Override
    public synchronized void onClose(Throwable cause) {
        closed.add(cause);
        notifyAll();
    }

    public synchronized List<WatchEvent> events() {
        return List.copyOf(events);
    }

    synchronized long deliveries() {
        return deliveries;
    }

    public List<Revision> revisions() {
        return events().stream().map(WatchEvent::revision).toList();
    }

    public List<WatchEvent.Type> types() {
        return events().stream().map(WatchEvent::type).toList();
    }

    public void awaitRevision(Revision revision) {
        await(() -> !events.isEmpty() && events.getLast().revision().compareTo(revision) >= 0, "event " + revision);
    }

    public void awaitProgress(Revision revision) {
        await(() -> progress.compareTo(revision) >= 0, "progress " + revision);
    }

    public synchronized Throwable awaitClose() {
        await(() -> !closed.isEmpty(), "close");
        return closed.getFirst();
    }

    private synchronized void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError(
                            "%s did not come; events=%s closed=%s".formatted(what, revisions(), closed),
                            new TimeoutException());
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
