package dev.keelson.cli.command;

import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.ClusterLock;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.Root;
import dev.keelson.cli.cluster.Supervisor;
import dev.keelson.cli.up.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "down",
        description = "Stops the cluster's processes on this machine. Containers go on running unless --pods is given.",
        mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Option(names = "--pods", description = "Stop this node's containers, too, and give up their networks.")
    public boolean pods;

    @Override
    public Integer call() {
        ClusterConfig config = options.existing();
        DataDir directory = options.directory();
        Root.require("down");
        Progress progress = new Progress(System.err);
        try (ClusterLock _ = ClusterLock.take(directory)) {
            progress.say("stopping " + config.cluster());
            boolean ran = new Supervisor(directory, Distribution.here().supervisor()).stop();
            if (pods && !config.serverOnly()) {
                progress.say("stopping the containers of node " + config.nodeName());
                AgentCommand.stopPods(directory, config);
            }
            progress.say(ran || pods ? "stopped" : "nothing was running");
        }
        return 0;
    }
}
