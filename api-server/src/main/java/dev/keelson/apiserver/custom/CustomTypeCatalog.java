package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.schema.CustomSchema;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.schema.CustomTypes;
import dev.keelson.apiserver.schema.ObjectSchema;
import java.util.Optional;

/** The types of custom kinds, for server-side apply: what the schemas of their definitions say. */
public final class CustomTypeCatalog implements CustomTypes {
    private final ResourceRegistry registry;

    public CustomTypeCatalog(ResourceRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Optional<ObjectSchema> find(String apiVersion, String kind) {
        return find(apiVersion, kind, "");
    }

    @Override
    public Optional<ObjectSchema> definition(String name) {
        String[] parts = name.substring(PREFIX.length()).split("#", 3);
        return find(parts[0], parts[1], parts[2]);
    }

    private Optional<ObjectSchema> find(String apiVersion, String kind, String part) {
        return schema(apiVersion, kind).flatMap(schema -> {
            String whole = PREFIX + apiVersion + "#" + kind + "#";
            return schema.types(whole).find(whole + part);
        });
    }

    @Override
    public void prune(ObjectNode object) {
        schema(Tree.text(object, "apiVersion"), Tree.text(object, "kind")).ifPresent(schema -> schema.prune(object));
    }

    private Optional<CustomSchema> schema(String apiVersion, String kind) {
        return registry.findKind(apiVersion, kind)
                .map(definition -> definition.strategy())
                .filter(CustomStrategy.class::isInstance)
                .map(strategy -> ((CustomStrategy) strategy).version().schema().get());
    }
}
