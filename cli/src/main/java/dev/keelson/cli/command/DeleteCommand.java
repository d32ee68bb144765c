package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Manifests;
import dev.keelson.cli.client.Pause;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = "Deletes objects and waits until they are gone.",
        mixinStandardHelpOptions = true)
public final class DeleteCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Mixin
    public ApiOptions options;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "Delete the objects of these files.")
    public List<String> files = List.of();

    @Option(names = "--grace-period", defaultValue = "-1", description = "Seconds that pods get to stop.")
    public int gracePeriod;

    @Option(
            names = "--wait",
            defaultValue = "true",
            fallbackValue = "true",
            description = "Wait until they are gone (${DEFAULT-VALUE}).")
    public boolean wait;

    @Option(names = "--ignore-not-found", description = "What is not there is as good as deleted.")
    public boolean ignoreNotFound;

    @Parameters(arity = "0..*", paramLabel = "TYPE[/NAME]")
    public List<String> words = List.of();

    @Override
    public Integer call() {
        if (files.isEmpty() == words.isEmpty()) {
            throw new CliException("say what to delete: either -f FILE, or TYPE NAME…");
        }
        try (Api api = options.connect()) {
            Resources resources = Resources.discover(api);
            List<Doomed> doomed = files.isEmpty() ? named(resources) : ofFiles(resources);
            List<Doomed> deleted = new ArrayList<>();
            for (Doomed one : doomed) {
                if (delete(api, one)) {
                    deleted.add(one);
                }
            }
            if (wait) {
                deleted.forEach(one -> awaitGone(api, one));
            }
        }
        return 0;
    }

    private record Doomed(Target target, String namespace) {
        String path() {
            return target.path(namespace);
        }
    }

    private List<Doomed> named(Resources resources) {
        List<Target> targets = Target.parse(words, resources);
        if (targets.stream().anyMatch(target -> target.name().isEmpty())) {
            throw new CliException("name the objects to delete, as TYPE NAME… or TYPE/NAME…");
        }
        return targets.stream()
                .map(target -> new Doomed(target, options.namespace))
                .toList();
    }

    private List<Doomed> ofFiles(Resources resources) {
        List<Doomed> doomed = new ArrayList<>();
        for (JsonNode object :
                files.stream().flatMap(f -> Manifests.read(f).stream()).toList()) {
            JsonNode metadata = object.path("metadata");
            doomed.add(new Doomed(
                    new Target(resources.of(object), metadata.path("name").asText()),
                    metadata.path("namespace").asText(options.namespace)));
        }
        return doomed;
    }

    private boolean delete(Api api, Doomed one) {
        ObjectNode body = Api.JSON.createObjectNode().put("propagationPolicy", "Background");
        if (gracePeriod >= 0) {
            body.put("gracePeriodSeconds", gracePeriod);
        }
        if (ignoreNotFound && api.find(one.path()).isEmpty()) {
            return false;
        }
        api.call(
                "DELETE",
                one.path(),
                "application/json",
                body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        System.out.printf(
                "%s \"%s\" deleted%n",
                one.target().resource().singular(), one.target().name());
        return true;
    }

    private static void awaitGone(Api api, Doomed one) {
        Optional<JsonNode> before = api.find(one.path());
        String uid = before.map(DeleteCommand::uid).orElse("");
        long end = System.nanoTime() + LIMIT.toNanos();
        for (Optional<JsonNode> now = before;
                now.isPresent() && uid(now.get()).equals(uid);
                now = api.find(one.path())) {
            if (System.nanoTime() > end) {
                throw new CliException("%s is still there after %d s; its finalizers: %s"
                        .formatted(
                                one.target().resource().display(one.target().name()),
                                LIMIT.toSeconds(),
                                now.get().path("metadata").path("finalizers")));
            }
            Pause.shortly();
        }
    }

    private static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }
}
