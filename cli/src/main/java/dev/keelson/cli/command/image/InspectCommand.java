package dev.keelson.cli.command.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.command.ApiOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Prints all that is known of images, as JSON.",
        mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
    @Mixin
    private ApiOptions options;

    @Parameters(paramLabel = "IMAGE", arity = "1..*")
    private List<String> names;

    @Override
    public Integer call() throws JsonProcessingException {
        try (ImageApi images = new ImageApi(options)) {
            ArrayNode found = Api.JSON.createArrayNode();
            names.forEach(name -> found.add(images.get("inspect", "reference", name)));
            System.out.println(Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(found));
        }
        return 0;
    }
}
