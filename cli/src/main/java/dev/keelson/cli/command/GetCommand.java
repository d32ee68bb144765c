package dev.keelson.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.NamedKinds;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.ServerTable;
import dev.keelson.cli.client.Target;
import dev.keelson.cli.client.TextTable;
import dev.keelson.crds.model.UrlText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows objects as the tables that the server prints, or as YAML or JSON. */
@Command(name = "get", description = "Shows objects.", mixinStandardHelpOptions = true)
public final class GetCommand implements Callable<Integer> {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    @Mixin
    public ApiOptions options;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "All namespaces.")
    public boolean allNamespaces;

    @Option(
            names = {"-l", "--selector"},
            defaultValue = "",
            description = "Label selector.")
    public String selector;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "",
            description = "wide, yaml, json or name.")
    public String output;

    @Option(
            names = {"-w", "--watch"},
            description = "Go on and show changes.")
    public boolean watch;

    @Option(
            names = "--at",
            paramLabel = "MOMENT",
            defaultValue = "",
            description = "As it was: at a revision, an RFC 3339 time, or so long ago (10m).")
    public String at;

    @Parameters(arity = "1..*", paramLabel = "TYPE[/NAME]", description = "What to show.")
    public List<String> words;

    @Override
    public Integer call() throws IOException {
        if (!List.of("", "wide", "yaml", "json", "name").contains(output)) {
            throw new CliException(
                    "unknown output \"%s\": use wide, yaml, json or name (kubectl knows more)".formatted(output));
        }
        if (watch && !at.isEmpty()) {
            throw new CliException("--watch and --at exclude each other: the past does not change");
        }
        int failed = 0;
        try (Api api = options.connect()) {
            for (Target target : Target.parse(words, Resources.discover(api))) {
                try {
                    show(api, target);
                } catch (CliException refused) {
                    System.err.println("keelson: " + refused.getMessage());
                    failed = 1;
                }
            }
        }
        return failed;
    }

    private void show(Api api, Target target) throws IOException {
        String prefix = at.isEmpty() ? "" : "/keelson.dev/v1/past/" + UrlText.escape(at);
        String path = prefix + target.path(allNamespaces ? "" : options.namespace);
        String query = selector.isEmpty() ? "" : "?labelSelector=" + UrlText.escape(selector);
        boolean asTable = output.isEmpty() || output.equals("wide");
        Api.Answer answer = api.send(
                "GET", path + query, asTable ? ServerTable.ACCEPT : "application/json", "", BodyPublishers.noBody());
        if (!answer.ok()) {
            throw Api.refused(answer);
        }
        JsonNode body = answer.json();
        if (asTable) {
            printTable(body);
        } else {
            printObject(NamedKinds.of(body), target);
        }
        if (watch && asTable) {
            follow(api, target, body.path("metadata").path("resourceVersion").asText());
        }
    }

    private void follow(Api api, Target target, String from) throws IOException {
        String collection = new Target(target.resource(), "").path(allNamespaces ? "" : options.namespace);
        String query = "?watch=true&resourceVersion=" + from
                + (selector.isEmpty() ? "" : "&labelSelector=" + UrlText.escape(selector))
                + (target.name().isEmpty() ? "" : "&fieldSelector=metadata.name%3D" + UrlText.escape(target.name()));
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(api.stream(collection + query, ServerTable.ACCEPT), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = Api.JSON.readTree(line);
                if (event.path("type").asText().equals("ERROR")) {
                    throw new CliException(event.path("object").path("message").asText());
                }
                rows(event.path("object"), false).forEach(row -> TextTable.print(List.of(row), System.out));
            }
        }
    }

    private void printTable(JsonNode table) {
        if (table.path("rows").isEmpty()) {
            System.err.println(
                    allNamespaces
                            ? "No resources found"
                            : "No resources found in %s namespace.".formatted(options.namespace));
            return;
        }
        TextTable.print(rows(table, true), System.out);
    }

    private List<List<String>> rows(JsonNode table, boolean withHeader) {
        return ServerTable.rows(table, withHeader, output.equals("wide"), allNamespaces);
    }

    private void printObject(JsonNode object, Target target) throws JsonProcessingException {
        switch (output) {
            case "json" -> System.out.println(object.toPrettyString());
            case "yaml" -> System.out.print(YAML.writeValueAsString(object));
            default -> {
                Iterable<JsonNode> items = object.has("items") ? object.path("items") : List.of(object);
                items.forEach(item -> System.out.println(target.resource()
                        .display(item.path("metadata").path("name").asText())));
            }
        }
    }
}
