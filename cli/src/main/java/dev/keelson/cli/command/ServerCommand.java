package dev.keelson.cli.command;

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
        Quarkus.run();
        return 0;
    }
}
