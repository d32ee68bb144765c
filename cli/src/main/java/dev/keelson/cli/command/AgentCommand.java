package dev.keelson.cli.command;

import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The role {@code agent}: this machine's node agent, until SIGTERM. */
@Command(name = "agent", hidden = true, description = "Runs the node agent.")
public final class AgentCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() {
        try {
            new java.util.concurrent.CountDownLatch(1).await();
        } catch (InterruptedException e) {
        }
        return 0;
    }

    public static void stopPods(DataDir directory, ClusterConfig config) {}
}
