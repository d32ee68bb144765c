package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.ServerTable;
import dev.keelson.cli.client.Target;
import dev.keelson.cli.client.TextTable;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows who changed an object when, newest first. */
@Command(
        name = "history",
        description = "Shows who changed an object; see its states with get --at REVISION.",
        mixinStandardHelpOptions = true)
public final class HistoryCommand implements Callable<Integer> {
    @Mixin
    public ApiOptions options;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "Most changes (${DEFAULT-VALUE}).")
    public int limit;

    @Parameters(arity = "1..*", paramLabel = "TYPE[/NAME]", description = "The object; also one that is deleted.")
    public List<String> words;

    @Override
    public Integer call() {
        try (Api api = options.connect()) {
            Target target = Target.one(words, Resources.discover(api));
            String path = "/keelson.dev/v1/history" + target.path(options.namespace) + "?limit=" + limit;
            Api.Answer answer = api.send("GET", path, ServerTable.ACCEPT, "", BodyPublishers.noBody());
            if (!answer.ok()) {
                throw Api.refused(answer);
            }
            JsonNode table = answer.json();
            TextTable.print(ServerTable.rows(table, true, false, false), System.out);
            if (table.path("metadata").has("continue")) {
                System.err.printf("older changes are not shown: --limit %d shows more%n", limit * 5);
            }
        }
        return 0;
    }
}
