package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.client.TextTable;
import dev.keelson.cli.command.ApiOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        description = "Shows the steps that made an image, the newest first.",
        mixinStandardHelpOptions = true)
public final class HistoryCommand implements Callable<Integer> {
    private static final int WIDTH = 45;

    @Mixin
    private ApiOptions options;

    @Option(names = "--no-trunc", description = "Prints ids and commands in full.")
    private boolean whole;

    @Parameters(paramLabel = "IMAGE")
    private String name;

    @Override
    public Integer call() {
        try (ImageApi images = new ImageApi(options)) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"));
            for (JsonNode step : images.get("history", "reference", name)) {
                String id = step.path("Id").asText();
                String command = step.path("CreatedBy").asText().replaceAll("\\s+", " ");
                rows.add(List.of(
                        whole || id.startsWith("<") ? id : ImageText.shortId(id),
                        ImageText.ago(step.path("Created").asText(), Instant.now()),
                        whole || command.length() <= WIDTH ? command : command.substring(0, WIDTH - 1) + "…",
                        ImageText.size(step.path("Size").asLong()),
                        step.path("Comment").asText()));
            }
            TextTable.print(rows, System.out);
        }
        return 0;
    }
}
