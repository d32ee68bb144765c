package dev.keelson.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The role {@code server}: API server and controllers in this process, until SIGTERM. */
@Command(name = "server", hidden = true, description = "Runs the API server and the controllers.")
final class ServerCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions options;

    @Override
    public Integer call() {
        return 0;
    }
}
