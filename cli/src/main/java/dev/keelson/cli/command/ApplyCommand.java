package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Applier;
import dev.keelson.cli.client.Manifests;
import dev.keelson.cli.client.Resources;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = "Creates or updates objects from files (server-side apply).",
        mixinStandardHelpOptions = true)
public final class ApplyCommand implements Callable<Integer> {
    @Mixin
    public ApiOptions options;

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "YAML or JSON file, directory, or - for standard input.")
    public List<String> files;

    @Option(names = "--force-conflicts", description = "Take fields over from other field managers.")
    public boolean force;

    @Override
    public Integer call() {
        List<JsonNode> objects =
                files.stream().flatMap(file -> Manifests.read(file).stream()).toList();
        int failed = 0;
        try (Api api = options.connect()) {
            Applier applier = new Applier(api, Resources.discover(api));
            for (JsonNode object : objects) {
                try {
                    System.out.println(
                            applier.apply(object, options.namespace, force).line());
                } catch (CliException refused) {
                    // As kubectl: one bad object does not keep the others from being applied.
                    System.err.println("keelson: " + refused.getMessage());
                    failed = refused.exitCode();
                }
            }
        }
        return failed;
    }
}
