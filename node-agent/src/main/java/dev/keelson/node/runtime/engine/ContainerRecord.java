package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Capabilities;
import dev.keelson.linux.Signals;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerIds;
import dev.keelson.node.runtime.ContainerStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;

/** A container as it is written down before it is made. */
record ContainerRecord(
        String id,
        String podUid,
        String name,
        int attempt,
        String image,
        String imageId,
        String stopSignal,
        boolean tty,
        Path logFile,
        Instant createdAt) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?");

    static ContainerRecord of(ContainerConfig config, Instant now) {
        directoryName(config.name(), config.attempt());
        String signal = config.stopSignal().isEmpty() ? "SIGTERM" : config.stopSignal();
        if (Signals.number(signal).isEmpty()) {
            throw Failures.invalid("container " + config.name() + ": there is no stop signal \"" + signal
                    + "\"; use a name such as SIGTERM or a number from 1 to 64");
        }
        return new ContainerRecord(
                ContainerIds.of(config.podUid(), config.name(), config.attempt()),
                config.podUid(),
                config.name(),
                config.attempt(),
                config.image(),
                config.imageId(),
                signal,
                config.stdio().tty(),
                config.logFile().toAbsolutePath(),
                now);
    }

    static ContainerRecord read(Spec spec) {
        return new ContainerRecord(
                ContainerIds.of(spec.get("pod"), spec.get("name"), spec.number("attempt")),
                spec.get("pod"),
                spec.get("name"),
                spec.number("attempt"),
                spec.get("image"),
                spec.get("image.id"),
                spec.get("stop.signal"),
                spec.is("tty"),
                Path.of(spec.get("log")),
                Instant.parse(spec.get("created")));
    }

    /** Its directory below the sandbox's, and how the supervisor calls it. */
    String directoryName() {
        return directoryName(name, attempt);
    }

    static String directoryName(String name, int attempt) {
        if (!NAME.matcher(name).matches()) {
            throw Failures.invalid("container name \"" + name + "\" is not a DNS name");
        }
        return name + "_" + attempt;
    }

    /** What this container adds to the spec that {@link ContainerSpecs} writes. */
    void describe(Spec.Builder spec) {
        spec.add("pod", podUid)
                .add("name", name)
                .add("attempt", attempt)
                .add("image", image)
                .add("image.id", imageId)
                .add("stop.signal", stopSignal)
                .add("log", logFile)
                .add("created", createdAt);
    }

    ContainerStatus status(Outcome outcome) {
        return new ContainerStatus(
                id,
                podUid,
                name,
                attempt,
                image,
                imageId,
                outcome.state(),
                outcome.state() == ContainerStatus.State.RUNNING ? outcome.pid() : 0,
                createdAt,
                outcome.startedAt(),
                outcome.exit(),
                logFile);
    }

    static long capabilities(ContainerConfig.Security security) {
        if (security.privileged()) {
            return Capabilities.ALL;
        }
        try {
            return Capabilities.mask(security.capabilities().orElse(Capabilities.DEFAULT));
        } catch (IllegalArgumentException e) {
            throw Failures.invalid(e.getMessage());
        }
    }
}
