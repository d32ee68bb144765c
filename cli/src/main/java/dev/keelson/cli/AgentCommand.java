package dev.keelson.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The role {@code agent}: this machine's node agent, until SIGTERM. */
@Command(name = "agent", hidden = true, description = "Runs the node agent.")
final class AgentCommand implements Callable<Integer> {
    @Mixin
    ClusterOptions options;

    @Override
    public Integer call() {
        return 0;
    }

    static void stopPods(DataDir directory, ClusterConfig config) {}
}
