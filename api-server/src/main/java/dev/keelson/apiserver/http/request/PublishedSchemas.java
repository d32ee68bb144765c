package dev.keelson.apiserver.http.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.EmbeddedResource;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.schema.SchemaReport;
import dev.keelson.apiserver.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks objects against the types of the built-in API, or against their CustomResourceDefinition. */
public record PublishedSchemas(Schemas schemas) implements SchemaCheck {

    @Override
    public Findings check(ResourceDefinition kind, ObjectNode object) {
        Optional<List<String>> pruned = kind.strategy().prune(object);
        return pruned.isPresent() ? custom(kind, object, pruned.get()) : checkNamed(object);
    }

    private Findings custom(ResourceDefinition kind, ObjectNode object, List<String> pruned) {
        List<String> unknown = new ArrayList<>();
        pruned.forEach(path -> unknown.add("unknown field \"" + path + "\""));
        SchemaReport own = schemas.checkMetadata(object, "metadata");
        unknown.addAll(own.unknownFields());
        Optional<String> wrong = own.typeErrors().stream().findFirst();
        for (EmbeddedResource resource : kind.strategy().embedded(object)) {
            Findings found = embedded(resource);
            unknown.addAll(found.unknownFields());
            wrong = wrong.or(found::typeError);
        }
        return new Findings(unknown, wrong);
    }

    private Findings embedded(EmbeddedResource resource) {
        ObjectNode object = resource.object();
        for (String name : List.of("apiVersion", "kind")) {
            JsonNode value = object.path(name);
            if (!value.isMissingNode() && !value.isTextual()) {
                return new Findings(List.of(), wrong(resource, name, value, EmbeddedResource.NO_TEXT));
            }
        }
        JsonNode metadata = object.path("metadata").deepCopy();
        SchemaReport report = schemas.checkMetadata(object, resource.field("metadata"));
        return new Findings(
                report.unknownFields(),
                report.typeErrors().stream()
                        .findFirst()
                        .flatMap(words -> wrong(resource, "metadata", metadata, words)));
    }

    private static Optional<String> wrong(EmbeddedResource resource, String name, JsonNode value, String words) {
        FieldError error = FieldError.invalid(resource.field(name), GoSyntax.value(value), words);
        return Optional.of(error.field() + ": " + error.message());
    }

    @Override
    public Findings checkNamed(ObjectNode object) {
        SchemaReport report = schemas.check(object);
        schemas.prune(object);
        return new Findings(report.unknownFields(), report.typeErrors().stream().findFirst());
    }
}
