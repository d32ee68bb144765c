package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.command.ApiOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "push",
        description = "Pushes an image to the registry that its name says.",
        mixinStandardHelpOptions = true)
public final class PushCommand implements Callable<Integer> {
    @Mixin
    private ApiOptions options;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints the image's name only.")
    private boolean quiet;

    @Option(names = "--creds", paramLabel = "USER:PASSWORD", defaultValue = "", description = "For the registry.")
    private String credentials;

    @Parameters(paramLabel = "IMAGE")
    private String name;

    @Override
    public Integer call() {
        try (ImageApi images = new ImageApi(options)) {
            if (!quiet) {
                System.out.println("The push refers to repository [" + ImageText.repository(name) + "]");
            }
            TransferDisplay display = new TransferDisplay(System.out, !quiet && System.console() != null, "Pushed");
            JsonNode end = images.transfer(
                    "push", name, ImageApi.credentials(name, credentials), quiet ? _ -> {} : display::show);
            display.clear();
            System.out.println(
                    quiet
                            ? name
                            : ImageText.tag(name).replace("<none>", "latest") + ": digest: "
                                    + end.path("digest").asText());
        }
        return 0;
    }
}
