package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A {@link WatchChild} that can be killed and started again, with everything it ever said. */
final class ServerProcess {
    private final DatabaseUrl url;
    private final List<WatcherRecord> watchers;
    private final List<String> acknowledged = new ArrayList<>();
    private long seed;
    private boolean stopped;
    private Optional<Process> process = Optional.empty();
    private Thread reader = new Thread();

    ServerProcess(DatabaseUrl url, long seed) {
        this.url = url;
        this.seed = seed;
        this.watchers = WatchChild.RESOURCES.stream()
                .flatMap(resource -> Stream.concat(Stream.of(""), WatchChild.NAMESPACES.stream())
                        .map(namespace -> new WatcherRecord(resource, namespace)))
                .toList();
    }

    List<WatcherRecord> watchers() {
        return watchers;
    }

    synchronized List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                WatchChild.class.getName(),
                "postgresql://%s:%s@%s:%d/%s"
                        .formatted(url.username(), url.password(), url.host(), url.port(), url.database()),
                Long.toString(++seed)));
        watchers.forEach(
                watcher -> command.add(watcher.resource() + "/" + watcher.namespace() + "/" + watcher.resumeAt()));
        try {
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process = Optional.of(started);
            reader = Thread.ofPlatform().daemon().start(() -> read(started));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.ifPresent(running -> {
            running.destroyForcibly();
            running.onExit().join();
        });
        try {
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        process = Optional.empty();
    }

    /** Returns when the last write has its answer. */
    void stopWriting() {
        try {
            Process running = process.orElseThrow();
            running.getOutputStream().write('\n');
            running.getOutputStream().flush();
            awaitStopped();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until so many more writes are acknowledged. */
    synchronized void awaitAcknowledged(int more) {
        int count = acknowledged.size() + more;
        await(() -> acknowledged.size() >= count, more + " acknowledged writes");
    }

    private synchronized void awaitStopped() {
        await(() -> stopped, "the writers to stop");
    }

    private synchronized void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited in vain for " + what);
                }
                wait(100);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void read(Process from) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(from.getInputStream(), UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int next = lines.read(); next >= 0; next = lines.read()) {
                if (next == '\n') {
                    take(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) next);
                }
            }
            // A line without its end was cut off by the kill: the client did not get that event.
        } catch (IOException closed) {
            // Killed.
        }
    }

    private void take(String line) {
        String[] parts = line.split(" ", 3);
        switch (parts[0]) {
            case "E" -> watchers.get(Integer.parseInt(parts[1])).add(parts[2]);
            case "D" -> stopped();
            case "A" -> acknowledge(parts[1] + " " + parts[2]);
            default -> System.out.println("server: " + line);
        }
    }

    private synchronized void stopped() {
        stopped = true;
        notifyAll();
    }

    private synchronized void acknowledge(String write) {
        acknowledged.add(write);
        notifyAll();
    }
}
