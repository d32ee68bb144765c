package dev.keelson.controllers.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Keys that wait for work. A key waits once however often it is added; a key that is added while it is in work waits
 * again when that work is done, so no two workers ever hold the same key and no change is lost.
 *
 * <p>The behaviour is that of client-go's workqueue: immediate, delayed and rate-limited additions, where the delay
 * after failures doubles from 10 ms to 10 s.
 */
public final class WorkQueue<K> {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(10);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private record Delayed<K>(Instant due, long order, K key) {}

    private final InstantSource clock;
    private final QueueMetrics metrics;
    /** Keys that wait, in their order, and since when. */
    private final Map<K, Instant> waiting = new LinkedHashMap<>();
    /** Keys in work, and since when. */
    private final Map<K, Instant> inWork = new HashMap<>();

    private final Set<K> changedInWork = new HashSet<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private final Map<K, Instant> earliest = new HashMap<>();
    private final PriorityQueue<Delayed<K>> delayed = new PriorityQueue<>(
            Comparator.<Delayed<K>, Instant>comparing(Delayed::due).thenComparing(Delayed::order));
    private long order;
    private boolean closed;

    public WorkQueue(InstantSource clock) {
        this(clock, QueueMetrics.NONE);
    }

    public WorkQueue(InstantSource clock, QueueMetrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
    }

    public synchronized void add(K key) {
        if (closed) {
            return;
        }
        if (inWork.containsKey(key)) {
            changedInWork.add(key);
        } else if (waiting.putIfAbsent(key, clock.instant()) == null) {
            metrics.added();
            metrics.depth(waiting.size());
            notifyAll();
        }
    }

    /** Adds the key when the delay is over, unless an earlier delayed addition of it is pending. */
    public synchronized void addAfter(K key, Duration delay) {
        Instant due = clock.instant().plus(delay);
        if (closed || earliest.getOrDefault(key, Instant.MAX).compareTo(due) <= 0) {
            return;
        }
        earliest.put(key, due);
        delayed.add(new Delayed<>(due, order++, key));
        notifyAll();
    }

    /** Adds the key after a delay that grows with its failures since {@link #forgetFailures}; answers that delay. */
    public synchronized Duration addAfterFailure(K key) {
        metrics.retried();
        int failed = failures.merge(key, 1, Integer::sum);
        // 2^10 times the first delay is past the longest one.
        Duration grown = FIRST_BACKOFF.multipliedBy(1L << Math.min(failed - 1, 10));
        Duration delay = grown.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : grown;
        addAfter(key, delay);
        return delay;
    }

    public synchronized void forgetFailures(K key) {
        failures.remove(key);
    }

    /** Takes the next key if one is due, without waiting. Every key taken must be given back with {@link #done}. */
    public synchronized Optional<K> poll() {
        admitDue();
        Optional<K> next = waiting.keySet().stream().findFirst();
        next.ifPresent(key -> {
            Instant now = clock.instant();
            metrics.waited(Duration.between(waiting.remove(key), now));
            metrics.depth(waiting.size());
            inWork.put(key, now);
        });
        return next;
    }

    /** Takes the next key, waiting for one; empty when the queue is closed. */
    public synchronized Optional<K> take() throws InterruptedException {
        while (!closed) {
            Optional<K> next = poll();
            if (next.isPresent()) {
                return next;
            }
            awaitChange();
        }
        return Optional.empty();
    }

    private void awaitChange() throws InterruptedException {
        if (delayed.isEmpty()) {
            wait();
            return;
        }
        long millis = Duration.between(clock.instant(), delayed.peek().due()).toMillis();
        wait(Math.max(1, millis + 1));
    }

    private void admitDue() {
        Instant now = clock.instant();
        while (!delayed.isEmpty() && !delayed.peek().due().isAfter(now)) {
            Delayed<K> due = delayed.poll();
            if (earliest.remove(due.key(), due.due())) {
                add(due.key());
            }
        }
    }

    /** Gives back a key that {@link #take} or {@link #poll} handed out. */
    public synchronized void done(K key) {
        Optional.ofNullable(inWork.remove(key))
                .ifPresent(since -> metrics.worked(Duration.between(since, clock.instant())));
        if (changedInWork.remove(key)) {
            add(key);
        }
    }

    /** When the next delayed key is due; empty when none is pending. */
    public synchronized Optional<Instant> nextDue() {
        return Optional.ofNullable(delayed.peek()).map(Delayed::due);
    }

    /** How many keys wait, delayed ones not counted. */
    public synchronized int size() {
        return waiting.size();
    }

    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
