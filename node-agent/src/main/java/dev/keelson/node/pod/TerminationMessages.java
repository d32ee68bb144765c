package dev.keelson.node.pod;

import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.ContainerStatus.Exit;
import java.util.Optional;

/** Adds what a container itself said of its end to what the engine knows. */
final class TerminationMessages {
    private TerminationMessages() {}

    static ContainerStatus with(ContainerStatus run, String message) {
        Optional<Exit> exit =
                run.exit().map(end -> new Exit(end.code(), end.signal(), end.reason(), message, end.finishedAt()));
        return new ContainerStatus(
                run.id(),
                run.podUid(),
                run.name(),
                run.attempt(),
                run.image(),
                run.imageId(),
                run.state(),
                run.pid(),
                run.createdAt(),
                run.startedAt(),
                exit,
                run.logFile());
    }
}
