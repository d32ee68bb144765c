package dev.keelson.apiserver.http.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.schema.SchemaReport;
import dev.keelson.apiserver.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks objects against the types of the built-in API, or against their CustomResourceDefinition. */
public record PublishedSchemas(Schemas schemas) implements SchemaCheck {

    private static Findings custom(List<String> unknown, SchemaReport metadata) {
        List<String> messages = new ArrayList<>();
        unknown.forEach(path -> messages.add("unknown field \"" + path + "\""));
        messages.addAll(metadata.unknownFields());
        return new Findings(messages, metadata.typeErrors().stream().findFirst());
    }

    @Override
    public Findings check(ResourceDefinition kind, ObjectNode object) {
        Optional<List<String>> pruned = kind.strategy().prune(object);
        if (pruned.isPresent()) {
            return custom(pruned.get(), schemas.checkMetadata(object));
        }
        return checkNamed(object);
    }

    @Override
    public Findings checkNamed(ObjectNode object) {
        SchemaReport report = schemas.check(object);
        schemas.prune(object);
        return new Findings(report.unknownFields(), report.typeErrors().stream().findFirst());
    }
}
