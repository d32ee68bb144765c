package dev.keelson.node.runtime;

import java.time.Instant;
import java.util.Optional;

/** One container of {@link FakeRuntime}; guarded by the runtime's lock. */
final class FakeContainer {
    final String id;
    final ContainerConfig config;
    private final Instant createdAt;
    Optional<Instant> startedAt = Optional.empty();
    private Optional<ContainerStatus.Exit> exit = Optional.empty();
    private int pid;

    FakeContainer(String id, ContainerConfig config, Instant createdAt) {
        this.id = id;
        this.config = config;
        this.createdAt = createdAt;
    }

    boolean running() {
        return startedAt.isPresent() && exit.isEmpty();
    }

    void start(int newPid, Instant now) {
        pid = newPid;
        startedAt = Optional.of(now);
    }

    void end(int code, String reason, String message, Instant now) {
        pid = 0;
        exit = Optional.of(new ContainerStatus.Exit(code, Math.max(0, code - 128), reason, message, now));
    }

    ContainerStatus status() {
        ContainerStatus.State state = exit.isPresent()
                ? ContainerStatus.State.EXITED
                : running() ? ContainerStatus.State.RUNNING : ContainerStatus.State.CREATED;
        return new ContainerStatus(
                id,
                config.podUid(),
                config.name(),
                config.attempt(),
                config.image(),
                config.imageId(),
                state,
                pid,
                createdAt,
                startedAt,
                exit,
                config.logFile());
    }
}
