package dev.keelson.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs every command of docs/rest.md, in order, in one shell that stops at the first that fails. */
class RestGuideIT {
    private static final Pattern COMMANDS = Pattern.compile("^```sh\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void everyCommandOfTheGuideWorks() throws IOException {
        String guide = Files.readString(Shell.repository().resolve("docs/rest.md"));
        String script = COMMANDS.matcher(guide)
                .results()
                .map((MatchResult block) -> block.group(1))
                .collect(Collectors.joining("\n", "set -eux\n", ""));
        try (Cluster cluster = Cluster.up()) {
            Shell.run(
                            Map.of(
                                    "KEELSON_DATA_DIR", cluster.directory().toString(),
                                    "KEELSON_HTTPS_PORT", String.valueOf(cluster.port())),
                            "",
                            List.of("bash", "-c", script))
                    .ok();
        }
    }
}
