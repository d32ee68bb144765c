package dev.keelson.cli.command;

import dev.keelson.cli.cluster.DatabaseWait;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The role {@code server}: API server and controllers in this process, until SIGTERM. It runs unprivileged and is told
 * everything by its command line and environment ({@link dev.keelson.cli.cluster.Roles}).
 */
@Command(name = "server", hidden = true, description = "Runs the API server and the controllers.")
public final class ServerCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() {
        // The database starts at the same time as this process, and after a crash it recovers first.
        DatabaseWait.untilItListens(System.getenv());
        IdleHeap.shrinkAfterStart();
        Quarkus.run();
        return 0;
    }
}
