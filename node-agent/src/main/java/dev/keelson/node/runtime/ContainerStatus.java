package dev.keelson.node.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A container as the engine knows it.
 *
 * @param pid process id on the host while running, else 0
 * @param exit present once the process is gone
 */
public record ContainerStatus(
        String id,
        String podUid,
        String name,
        int attempt,
        String image,
        String imageId,
        State state,
        int pid,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Exit> exit,
        Path logFile) {
    public enum State {
        CREATED,
        RUNNING,
        EXITED
    }

    /**
     * @param code exit code, or 128 + signal
     * @param signal the signal that ended it, or 0
     * @param reason {@code Completed}, {@code Error}, {@code OOMKilled}, {@code StartError}
     */
    public record Exit(int code, int signal, String reason, String message, Instant finishedAt) {}
}
