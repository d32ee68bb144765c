package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.Rollouts;
import dev.keelson.cli.client.Target;
import dev.keelson.cli.client.TextTable;
import dev.keelson.crds.model.UrlText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollout",
        description = "Follows and steers the rollout of a Deployment.",
        mixinStandardHelpOptions = true)
public final class RolloutCommand {
    private static final String REVISION = "deployment.kubernetes.io/revision";

    @Command(name = "status", description = "Waits until the rollout is done.", mixinStandardHelpOptions = true)
    public int status(
            @Mixin ApiOptions options,
            @Option(names = "--timeout", defaultValue = "10m") String timeout,
            @Parameters(arity = "1..2", paramLabel = "TYPE/NAME") List<String> words) {
        try (Api api = options.connect()) {
            String[] last = {""};
            Rollouts.await(
                    api, deployment(api, words).path(options.namespace), WaitCommand.duration(timeout), message -> {
                        if (!message.equals(last[0])) {
                            System.out.println(message);
                            last[0] = message;
                        }
                    });
        }
        return 0;
    }

    @Command(name = "history", description = "Lists the revisions.", mixinStandardHelpOptions = true)
    public int history(
            @Mixin ApiOptions options, @Parameters(arity = "1..2", paramLabel = "TYPE/NAME") List<String> words) {
        try (Api api = options.connect()) {
            Target target = deployment(api, words);
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("REVISION", "CHANGE-CAUSE", "IMAGES"));
            for (JsonNode set : revisions(api, options, target)) {
                JsonNode annotations = set.path("metadata").path("annotations");
                List<String> images = new ArrayList<>();
                set.at("/spec/template/spec/containers")
                        .forEach(c -> images.add(c.path("image").asText()));
                rows.add(List.of(
                        annotations.path(REVISION).asText(),
                        annotations.path("kubernetes.io/change-cause").asText("<none>"),
                        String.join(",", images)));
            }
            TextTable.print(rows, System.out);
        }
        return 0;
    }

    @Command(name = "undo", description = "Goes back to an earlier revision.", mixinStandardHelpOptions = true)
    public int undo(
            @Mixin ApiOptions options,
            @Option(
                            names = "--to-revision",
                            defaultValue = "0",
                            description = "Revision; the one before this by default.")
                    long wanted,
            @Parameters(arity = "1..2", paramLabel = "TYPE/NAME") List<String> words) {
        try (Api api = options.connect()) {
            Target target = deployment(api, words);
            List<JsonNode> sets = revisions(api, options, target);
            JsonNode set = choose(sets, wanted);
            ObjectNode template = set.at("/spec/template").deepCopy();
            ((ObjectNode) template.at("/metadata/labels")).remove("pod-template-hash");
            ObjectNode operation =
                    Api.JSON.createObjectNode().put("op", "replace").put("path", "/spec/template");
            operation.set("value", template);
            byte[] patch = Api.JSON.createArrayNode().add(operation).toString().getBytes(StandardCharsets.UTF_8);
            api.call("PATCH", target.path(options.namespace), "application/json-patch+json", patch);
            System.out.println(target.resource().display(target.name()) + " rolled back");
        }
        return 0;
    }

    @Command(name = "restart", description = "Replaces all pods by new ones, rolling.", mixinStandardHelpOptions = true)
    public int restart(
            @Mixin ApiOptions options, @Parameters(arity = "1..2", paramLabel = "TYPE/NAME") List<String> words) {
        try (Api api = options.connect()) {
            Target target = deployment(api, words);
            String patch =
                    "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"%s\"}}}}}"
                            .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS));
            api.call(
                    "PATCH",
                    target.path(options.namespace),
                    "application/merge-patch+json",
                    patch.getBytes(StandardCharsets.UTF_8));
            System.out.println(target.resource().display(target.name()) + " restarted");
        }
        return 0;
    }

    private static JsonNode choose(List<JsonNode> sets, long wanted) {
        if (wanted == 0 && sets.size() < 2) {
            throw new CliException("there is no earlier revision to go back to");
        }
        return sets.stream()
                .filter(set -> wanted == 0 ? set == sets.get(sets.size() - 2) : revision(set) == wanted)
                .findFirst()
                .orElseThrow(() -> new CliException("unable to find revision %d; there are %s"
                        .formatted(
                                wanted,
                                sets.stream().map(RolloutCommand::revision).toList())));
    }

    private static Target deployment(Api api, List<String> words) {
        Target target = Target.one(words, Resources.discover(api));
        if (!target.resource().kind().equals("Deployment")) {
            throw new CliException("%s has no rollout; only Deployments have"
                    .formatted(target.resource().kind()));
        }
        return target;
    }

    /** The Deployment's ReplicaSets, oldest revision first. */
    private static List<JsonNode> revisions(Api api, ApiOptions options, Target target) {
        String uid = api.get(target.path(options.namespace)).at("/metadata/uid").asText();
        String path = "/apis/apps/v1/namespaces/%s/replicasets".formatted(UrlText.escape(options.namespace));
        return StreamSupport.stream(api.get(path).path("items").spliterator(), false)
                .filter(set ->
                        set.at("/metadata/ownerReferences/0/uid").asText().equals(uid))
                .sorted(Comparator.comparingLong(RolloutCommand::revision))
                .toList();
    }

    private static long revision(JsonNode set) {
        return set.path("metadata").path("annotations").path(REVISION).asLong();
    }
}
