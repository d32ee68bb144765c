package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.command.ApiOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "prune",
        description = "Removes images without a name that no container runs from; with -a all that none runs from.",
        mixinStandardHelpOptions = true)
public final class PruneCommand implements Callable<Integer> {
    @Mixin
    private ApiOptions options;

    @Option(
            names = {"-a", "--all"},
            description = "Also images that have a name.")
    private boolean all;

    @Option(
            names = {"-f", "--force"},
            description = "Accepted for docker's sake: nothing is asked.")
    private boolean force;

    @Override
    public Integer call() {
        try (ImageApi images = new ImageApi(options)) {
            JsonNode pruned = images.post("prune", "all", String.valueOf(all));
            if (!pruned.path("removed").isEmpty()) {
                System.out.println("Deleted Images:");
            }
            for (JsonNode image : pruned.path("removed")) {
                image.path("references")
                        .forEach(name -> System.out.println("untagged: " + ImageText.familiar(name.asText())));
                System.out.println("deleted: " + image.path("id").asText());
            }
            System.out.println("Total reclaimed space: "
                    + ImageText.size(pruned.path("freedBytes").asLong()));
        }
        return 0;
    }
}
