package dev.keelson.apiserver.http.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.schema.SchemaReport;
import dev.keelson.apiserver.schema.Schemas;

/** Checks objects against the types of the built-in API. */
public record PublishedSchemas(Schemas schemas) implements SchemaCheck {

    @Override
    public Findings check(ResourceDefinition kind, ObjectNode object) {
        SchemaReport report = schemas.check(object);
        schemas.prune(object);
        return new Findings(report.unknownFields(), report.typeErrors().stream().findFirst());
    }
}
