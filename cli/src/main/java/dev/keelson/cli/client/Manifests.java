package dev.keelson.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keelson.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the objects of {@code -f}: a YAML or JSON file with any number of documents, a directory of such, or "-". */
public final class Manifests {
    private static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    public static List<JsonNode> read(String source) {
        if (source.equals("-")) {
            return parse("standard input", System.in);
        }
        Path path = Path.of(source);
        if (!Files.isDirectory(path)) {
            return readFile(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .flatMap(file -> readFile(file).stream())
                    .toList();
        } catch (IOException e) {
            throw new CliException("cannot list " + path + ": " + e.getMessage(), e);
        }
    }

    private static List<JsonNode> readFile(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return parse(path.toString(), in);
        } catch (NoSuchFileException absent) {
            throw new CliException("the path \"" + path + "\" does not exist");
        } catch (IOException e) {
            throw new CliException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static List<JsonNode> parse(String name, InputStream in) {
        List<JsonNode> objects = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(in)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document == null || document.isNull() || document.isMissingNode()) {
                    continue;
                }
                if (document.path("kind").asText().equals("List")) {
                    document.path("items").forEach(item -> objects.add(checked(name, item)));
                } else {
                    objects.add(checked(name, document));
                }
            }
        } catch (RuntimeException | IOException e) {
            throw e instanceof CliException told ? told : broken(name, e);
        }
        if (objects.isEmpty()) {
            throw new CliException("no objects in " + name);
        }
        return objects;
    }

    private static JsonNode checked(String name, JsonNode object) {
        for (String field : List.of("apiVersion", "kind")) {
            if (object.path(field).asText().isEmpty()) {
                throw new CliException(
                        "%s: an object has no %s; every object starts with apiVersion and kind".formatted(name, field));
            }
        }
        if (object.path("metadata").path("name").asText().isEmpty()) {
            throw new CliException("%s: a %s has no metadata.name"
                    .formatted(name, object.path("kind").asText()));
        }
        return object;
    }

    private static CliException broken(String name, Exception e) {
        Throwable cause = e.getCause() instanceof JsonProcessingException ? e.getCause() : e;
        if (cause instanceof JsonProcessingException json && json.getLocation() != null) {
            return new CliException("%s: line %d: %s"
                    .formatted(
                            name,
                            json.getLocation().getLineNr(),
                            json.getOriginalMessage().lines().findFirst().orElse("not YAML")));
        }
        return new CliException(name + ": " + cause.getMessage(), e);
    }
}
