package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Pause;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "wait", description = "Waits for a condition of objects.", mixinStandardHelpOptions = true)
public final class WaitCommand implements Callable<Integer> {
    @Mixin
    public ApiOptions options;

    @Option(
            names = "--for",
            required = true,
            paramLabel = "CONDITION",
            description = "delete, or condition=NAME[=STATUS].")
    public String wanted;

    @Option(
            names = "--timeout",
            defaultValue = "30s",
            description = "Longest wait, such as 90s or 5m (${DEFAULT-VALUE}).")
    public String timeout;

    @Parameters(arity = "1..*", paramLabel = "TYPE/NAME")
    public List<String> words;

    @Override
    public Integer call() {
        if (!wanted.equals("delete") && !wanted.startsWith("condition=")) {
            throw new CliException("--for must be delete or condition=NAME[=STATUS], not \"" + wanted + "\"");
        }
        long end = System.nanoTime() + duration(timeout).toNanos();
        try (Api api = options.connect()) {
            for (Target target : Target.parse(words, Resources.discover(api))) {
                await(api, target, end);
                System.out.println(target.resource().display(target.name()) + " condition met");
            }
        }
        return 0;
    }

    private void await(Api api, Target target, long end) {
        while (!met(api.find(target.path(options.namespace)))) {
            if (System.nanoTime() > end) {
                throw new CliException("timed out waiting for the condition on "
                        + target.resource().display(target.name()));
            }
            Pause.shortly();
        }
    }

    private boolean met(Optional<JsonNode> object) {
        if (wanted.equals("delete")) {
            return object.isEmpty();
        }
        String[] parts = wanted.substring("condition=".length()).split("=", 2);
        String status = parts.length == 2 ? parts[1] : "True";
        if (object.isEmpty()) {
            throw new CliException("not found: " + String.join(" ", words));
        }
        for (JsonNode condition : object.get().path("status").path("conditions")) {
            if (condition.path("type").asText().equalsIgnoreCase(parts[0])) {
                return condition.path("status").asText().equalsIgnoreCase(status);
            }
        }
        return false;
    }

    /** Reads {@code 90}, {@code 90s}, {@code 5m} or {@code 1h}. */
    public static Duration duration(String text) {
        if (!text.matches("\\d{1,9}[smh]?")) {
            throw new CliException("\"" + text + "\" is no duration: write 90s, 5m or 1h");
        }
        String iso = text.matches("\\d+") ? text + "S" : text.toUpperCase(java.util.Locale.ROOT);
        return Duration.parse("PT" + iso);
    }
}
