package dev.keelson.cli.command;

import dev.keelson.cli.client.NodeReadiness;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.Supervisor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description = "Shows what runs of the cluster on this machine.",
        mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() {
        ClusterConfig config = options.existing();
        DataDir directory = options.directory();
        System.out.printf("cluster     %s (node %s)%n", config.cluster(), config.nodeName());
        System.out.printf("data        %s%n", directory.root());
        System.out.printf("api-server  https://127.0.0.1:%d%n", config.httpsPort());
        System.out.printf("kubeconfig  %s%n", directory.kubeconfig());
        Optional<List<Supervisor.RoleState>> states =
                new Supervisor(directory, Distribution.here().supervisor()).status();
        if (states.isEmpty()) {
            System.out.println("stopped: start it with ./keelson up");
            return 3;
        }
        for (Supervisor.RoleState role : states.get()) {
            String restarts = role.restarts() == 0 ? "" : ", restarted " + role.restarts() + " times";
            System.out.printf("%-11s %s (pid %d%s)%n", role.name(), role.state(), role.pid(), restarts);
        }
        Optional<String> nodeProblem =
                config.serverOnly() ? Optional.empty() : new NodeReadiness(directory, config).problem();
        String node = config.serverOnly() ? "none on this machine" : "ready";
        System.out.printf(
                "node        %s%n", nodeProblem.map(p -> "not ready: " + p).orElse(node));
        boolean allRun = states.get().stream().allMatch(Supervisor.RoleState::running);
        return allRun && nodeProblem.isEmpty() ? 0 : 1;
    }
}
