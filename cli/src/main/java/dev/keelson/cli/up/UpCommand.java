package dev.keelson.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Applier;
import dev.keelson.cli.client.Manifests;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.Rollouts;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.Root;
import dev.keelson.cli.command.ClusterOptions;
import dev.keelson.cli.join.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description =
                "Starts a one-node cluster, or a further server of one, waits until it is ready and applies the files.",
        mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
    private static final Duration ROLLOUT_LIMIT = Duration.ofMinutes(5);

    @Mixin
    public ClusterOptions options;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "Objects to apply once the node is ready: YAML or JSON file, directory, or -.")
    public List<String> files = List.of();

    @Option(names = "--server-only", description = "Runs an API server and controllers on this machine, but no node.")
    public boolean serverOnly;

    @Option(
            names = "--join-token",
            paramLabel = "TOKEN",
            defaultValue = "${env:KEELSON_JOIN_TOKEN:-}",
            description = "Joins the cluster in the database; ./keelson join-command prints it (KEELSON_JOIN_TOKEN).")
    public String joinToken;

    @Override
    public Integer call() {
        Root.require("up");
        // Broken files and settings are refused before anything is started.
        List<JsonNode> objects =
                files.stream().flatMap(file -> Manifests.read(file).stream()).toList();
        DataDir directory = options.directory();
        Membership membership = new Membership(directory);
        ClusterConfig config = membership.settle(options.existingOrNew(serverOnly), joinToken);
        Progress progress = new Progress(System.err);
        new ClusterStart(directory, config, Distribution.here(), progress).run();
        membership.publish(config);
        try (Api api = new Api(directory, config)) {
            if (!config.serverOnly()) {
                new BundledImages(api, config.nodeName(), progress)
                        .load(Distribution.here().images());
            }
            applyAll(api, objects, progress);
        }
        System.err.printf("%nexport KUBECONFIG=%s%n", directory.kubeconfig());
        return 0;
    }

    private static void applyAll(Api api, List<JsonNode> objects, Progress progress) {
        if (objects.isEmpty()) {
            return;
        }
        Applier applier = new Applier(api, Resources.discover(api));
        List<Applier.Applied> applied = new ArrayList<>();
        for (JsonNode object : objects) {
            Applier.Applied one = applier.apply(object, "default", false);
            progress.say(one.line());
            applied.add(one);
        }
        for (Applier.Applied one : applied) {
            if (one.resource().kind().equals("Deployment")) {
                Rollouts.await(api, one.resource().path(one.namespace(), one.name()), ROLLOUT_LIMIT, progress::say);
            }
        }
    }
}
