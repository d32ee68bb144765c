package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a container has come, from the status file that its supervisor keeps.
 *
 * @param startTicks start of the process in clock ticks since boot, which tells it from a later one of the same pid
 */
record Outcome(
        ContainerStatus.State state,
        int pid,
        long startTicks,
        Optional<Instant> startedAt,
        Optional<ContainerStatus.Exit> exit) {
    static final Outcome CREATED = new Outcome(ContainerStatus.State.CREATED, 0, 0, Optional.empty(), Optional.empty());
    private static final int EXIT_LOST = 255;

    /** Without a status file the container has not been started. */
    static Outcome read(Path directory) {
        try {
            Map<String, String> values = new HashMap<>();
            for (String line : Files.readString(directory.resolve("status")).split("\n")) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            return of(values);
        } catch (IOException e) {
            return CREATED;
        }
    }

    private static Outcome of(Map<String, String> values) {
        boolean exited = "exited".equals(values.get("state"));
        long started = number(values, "started");
        return new Outcome(
                exited ? ContainerStatus.State.EXITED : ContainerStatus.State.RUNNING,
                (int) number(values, "pid"),
                number(values, "ticks"),
                started > 0 ? Optional.of(instant(started)) : Optional.empty(),
                exited ? Optional.of(exit(values)) : Optional.empty());
    }

    private static ContainerStatus.Exit exit(Map<String, String> values) {
        int code = (int) number(values, "code");
        String failure = values.getOrDefault("failure", "");
        String lost = values.getOrDefault("lost", "");
        String reason = !failure.isEmpty()
                ? "StartError"
                : number(values, "oom") > 0 ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        return new ContainerStatus.Exit(
                code,
                (int) number(values, "signal"),
                reason,
                failure.isEmpty() ? lost : failure,
                instant(number(values, "finished")));
    }

    /** Writes down that the exit code is not known, because who would have seen it has gone. */
    Outcome lost(Path directory, String why, Instant now) {
        String text = "state=exited\npid=%d\nticks=%d\nstarted=%d\nfinished=%d\ncode=%d\nsignal=0\noom=0\nlost=%s\n"
                .formatted(pid, startTicks, startedAt.map(Outcome::nanos).orElse(0L), nanos(now), EXIT_LOST, why);
        try {
            Path fresh = directory.resolve("status.lost");
            Files.writeString(fresh, text);
            Files.move(fresh, directory.resolve("status"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failures.internal("cannot record that a container is lost in " + directory, e);
        }
        return read(directory);
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private static long number(Map<String, String> values, String key) {
        return Long.parseLong(values.getOrDefault(key, "0"));
    }
}
