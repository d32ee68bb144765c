package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.ContainerStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A container that this agent knows: its record, and what its status file last said. */
final class Container {
    private final ContainerRecord record;
    private final Path directory;
    private final CompletableFuture<Void> exited = new CompletableFuture<>();
    private volatile Outcome outcome;

    Container(ContainerRecord record, Path directory) {
        this.record = record;
        this.directory = directory;
        outcome = Outcome.CREATED;
        refresh();
    }

    ContainerRecord record() {
        return record;
    }

    Path directory() {
        return directory;
    }

    ContainerStatus status() {
        return record.status(outcome);
    }

    ContainerStatus.State state() {
        return outcome.state();
    }

    boolean running() {
        return outcome.state() == ContainerStatus.State.RUNNING;
    }

    /** Reads the status file; an exit is final. */
    synchronized void refresh() {
        if (outcome.exit().isEmpty()) {
            outcome = Outcome.read(directory);
        }
        if (outcome.exit().isPresent()) {
            exited.complete(null);
        }
    }

    /** Its supervisor is gone: what it has not written down is not known. Answers whether that changed anything. */
    synchronized boolean lose(String why, Instant now) {
        refresh();
        if (!running()) {
            return false;
        }
        outcome = outcome.lost(directory, why, now);
        exited.complete(null);
        return true;
    }

    /** False when it still runs after {@code patience}. */
    boolean awaitExit(Duration patience) {
        try {
            exited.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
