package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.command.ApiOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pull",
        description = "Pulls an image from its registry, with the credentials of --creds or docker login.",
        mixinStandardHelpOptions = true)
public final class PullCommand implements Callable<Integer> {
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
                System.out.println(ImageText.tag(name).replace("<none>", "latest") + ": Pulling from "
                        + ImageText.repository(name).replaceFirst("^[^/]*[.:][^/]*/", ""));
            }
            TransferDisplay display =
                    new TransferDisplay(System.out, !quiet && System.console() != null, "Pull complete");
            JsonNode end = images.transfer(
                    "pull", name, ImageApi.credentials(name, credentials), quiet ? _ -> {} : display::show);
            display.clear();
            JsonNode image = end.at("/images/0");
            if (!quiet) {
                String digest = image.at("/repoDigests/0").asText();
                System.out.println("Digest: " + digest.substring(digest.indexOf('@') + 1));
                System.out.println((end.path("upToDate").asBoolean()
                                ? "Status: Image is up to date for "
                                : "Status: Downloaded newer image for ")
                        + name);
            }
            System.out.println(name);
        }
        return 0;
    }
}
