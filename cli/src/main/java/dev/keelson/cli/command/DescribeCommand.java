package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.ServerTable;
import dev.keelson.cli.client.Target;
import dev.keelson.cli.client.TextTable;
import dev.keelson.crds.model.UrlText;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one object whole, and then what happened to it. */
@Command(name = "describe", description = "Shows one object and its events.", mixinStandardHelpOptions = true)
public final class DescribeCommand implements Callable<Integer> {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    @Mixin
    public ApiOptions options;

    @Parameters(arity = "1..*", paramLabel = "TYPE[/NAME]")
    public List<String> words;

    @Override
    public Integer call() throws IOException {
        try (Api api = options.connect()) {
            Target target = Target.one(words, Resources.discover(api));
            ObjectNode object = (ObjectNode) api.get(target.path(options.namespace));
            ((ObjectNode) object.path("metadata")).remove("managedFields");
            System.out.print(YAML.writeValueAsString(object));
            printEvents(api, object);
        }
        return 0;
    }

    private static void printEvents(Api api, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        String selector = "involvedObject.kind=%s,involvedObject.name=%s,involvedObject.uid=%s"
                .formatted(
                        object.path("kind").asText(),
                        metadata.path("name").asText(),
                        metadata.path("uid").asText());
        String namespace = metadata.path("namespace").asText("default");
        String path = "/api/v1/namespaces/%s/events?fieldSelector=%s"
                .formatted(UrlText.escape(namespace), UrlText.escape(selector));
        JsonNode table = api.send("GET", path, ServerTable.ACCEPT, "", BodyPublishers.noBody())
                .json();
        System.out.println("Events:" + (table.path("rows").isEmpty() ? " <none>" : ""));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : table.path("rows")) {
            List<String> cells = new ArrayList<>();
            // Last seen, type, reason, object, message: the first five columns of the server's table.
            for (int column : new int[] {0, 1, 2, row.path("cells").size() > 4 ? 4 : 3}) {
                cells.add(row.path("cells").path(column).asText());
            }
            rows.add(cells);
        }
        TextTable.print(rows, System.out);
    }
}
