package dev.keelson.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The role {@code server}: API server and controllers in this process, until SIGTERM. */
@Command(name = "server", hidden = true, description = "Runs the API server and the controllers.")
public final class ServerCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() {
        return 0;
    }
}
