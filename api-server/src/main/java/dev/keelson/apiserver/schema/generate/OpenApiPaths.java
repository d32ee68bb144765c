package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.UnstoredKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The paths of one kind. kubectl reads from them which kind stands behind a path (explain), whether the server takes
 * strategic merge patches and whether it knows {@code fieldValidation} and {@code dryRun}.
 */
final class OpenApiPaths {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<String> WRITE = List.of("dryRun", "fieldManager", "fieldValidation");
    private static final List<String> DELETE =
            List.of("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy");
    private static final List<String> LIST = List.of(
            "allowWatchBookmarks",
            "continue",
            "fieldSelector",
            "labelSelector",
            "limit",
            "resourceVersion",
            "resourceVersionMatch",
            "sendInitialEvents",
            "timeoutSeconds",
            "watch");
    private static final Map<String, String> PARAMETER_TYPES = Map.of(
            "allowWatchBookmarks", "boolean",
            "force", "boolean",
            "gracePeriodSeconds", "integer",
            "limit", "integer",
            "orphanDependents", "boolean",
            "sendInitialEvents", "boolean",
            "timeoutSeconds", "integer",
            "watch", "boolean");
    private static final List<String> PATCH_TYPES = List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json");

    private final List<String> patchTypes;
    private final OpenApiSchemas schemas;
    private final OpenApiOperation shape;
    private final ObjectNode paths;

    OpenApiPaths(OpenApiSchemas schemas, OpenApiOperation shape, ObjectNode paths) {
        this(schemas, shape, paths, PATCH_TYPES);
    }

    private OpenApiPaths(OpenApiSchemas schemas, OpenApiOperation shape, ObjectNode paths, List<String> patchTypes) {
        this.patchTypes = patchTypes;
        this.schemas = schemas;
        this.shape = shape;
        this.paths = paths;
    }

    /** For kinds that know no strategic merge. */
    static OpenApiPaths ofCustom(OpenApiSchemas schemas, OpenApiOperation shape, ObjectNode paths) {
        List<String> types =
                PATCH_TYPES.stream().filter(type -> !type.contains("strategic")).toList();
        return new OpenApiPaths(schemas, shape, paths, types);
    }

    /** @param definition name of the kind's schema */
    void add(ResourceDefinition kind, String definition) {
        String root = (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion() + "/";
        String collection = root + (kind.namespaced() ? "namespaces/{namespace}/" : "") + kind.plural();
        ObjectNode gvk = gvk(kind.group(), kind.version(), kind.kind());
        collection(collection, kind, definition, gvk);
        if (kind.namespaced()) {
            path(root + kind.plural()).set("get", list(kind, definition, gvk, "ForAllNamespaces"));
        }
        object(collection + "/{name}", kind.kind(), definition, gvk, true);
        if (kind.subresources().contains(Subresource.STATUS)) {
            object(collection + "/{name}/status", kind.kind() + "Status", definition, gvk, false);
        }
        for (Subresource part : List.of(Subresource.APPROVAL, Subresource.EPHEMERALCONTAINERS, Subresource.RESIZE)) {
            if (kind.subresources().contains(part)) {
                String word = part.name().toLowerCase(Locale.ROOT);
                String suffix = part.name().charAt(0) + word.substring(1);
                object(collection + "/{name}/" + word, kind.kind() + suffix, definition, gvk, false);
            }
        }
        if (kind.subresources().contains(Subresource.SCALE)) {
            ObjectNode scale = gvk("autoscaling", "v1", "Scale");
            object(
                    collection + "/{name}/scale",
                    kind.kind() + "Scale",
                    "io.k8s.api.autoscaling.v1.Scale",
                    scale,
                    false);
        }
        if (kind.subresources().contains(Subresource.BINDING)) {
            created(collection + "/{name}/binding", kind, "io.k8s.api.core.v1.Binding", gvk("", "v1", "Binding"));
        }
        if (kind.subresources().contains(Subresource.EVICTION)) {
            created(
                    collection + "/{name}/eviction",
                    kind,
                    "io.k8s.api.policy.v1.Eviction",
                    gvk("policy", "v1", "Eviction"));
        }
        if (kind.subresources().contains(Subresource.TOKEN)) {
            created(
                    collection + "/{name}/token",
                    kind,
                    "io.k8s.api.authentication.v1.TokenRequest",
                    gvk("authentication.k8s.io", "v1", "TokenRequest"));
        }
    }

    /** A question that is answered when it is created, or what is worked out when somebody reads it. */
    void addUnstored(UnstoredKind unstored, String definition) {
        ResourceDefinition kind = unstored.definition();
        String root = (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion() + "/";
        String collection = root + (kind.namespaced() ? "namespaces/{namespace}/" : "") + kind.plural();
        ObjectNode gvk = gvk(kind.group(), kind.version(), kind.kind());
        ObjectNode reference = schemas.reach(definition);
        if (unstored.verbs().contains("create")) {
            path(collection)
                    .set("post", operation("post", "create" + kind.kind(), gvk, WRITE, "201", reference, reference));
        }
        if (unstored.verbs().contains("list")) {
            path(collection).set("get", list(kind, definition, gvk, ""));
            if (kind.namespaced()) {
                path(root + kind.plural()).set("get", list(kind, definition, gvk, "ForAllNamespaces"));
            }
        }
        if (unstored.verbs().contains("get")) {
            path(collection + "/{name}")
                    .set(
                            "get",
                            operation(
                                    "get",
                                    "read" + kind.kind(),
                                    gvk,
                                    List.of(),
                                    "200",
                                    reference,
                                    JSON.createObjectNode()));
        }
    }

    private void collection(String path, ResourceDefinition kind, String definition, ObjectNode gvk) {
        ObjectNode item = path(path);
        item.set("get", list(kind, definition, gvk, ""));
        ObjectNode reference = schemas.reach(definition);
        item.set("post", operation("post", "create" + kind.kind(), gvk, WRITE, "201", reference, reference));
        item.set(
                "delete",
                operation(
                        "deletecollection",
                        "deleteCollection" + kind.kind(),
                        gvk,
                        DELETE,
                        "200",
                        schemas.reach(META + "Status"),
                        schemas.reach(META + "DeleteOptions")));
    }

    private ObjectNode list(ResourceDefinition kind, String definition, ObjectNode gvk, String suffix) {
        return operation(
                "list",
                "list" + kind.kind() + suffix,
                gvk,
                LIST,
                "200",
                schemas.reach(definition + "List"),
                JSON.createObjectNode());
    }

    private void object(String path, String name, String definition, ObjectNode gvk, boolean deletable) {
        ObjectNode item = path(path);
        ObjectNode reference = schemas.reach(definition);
        item.set("get", operation("get", "read" + name, gvk, List.of(), "200", reference, JSON.createObjectNode()));
        item.set("put", operation("put", "replace" + name, gvk, WRITE, "200", reference, reference));
        ObjectNode patch = operation(
                "patch",
                "patch" + name,
                gvk,
                List.of("dryRun", "fieldManager", "fieldValidation", "force"),
                "200",
                reference,
                JSON.createObjectNode());
        shape.body(patch, patchTypes, schemas.patch());
        item.set("patch", patch);
        if (deletable) {
            item.set(
                    "delete",
                    operation(
                            "delete",
                            "delete" + name,
                            gvk,
                            DELETE,
                            "200",
                            schemas.reach(META + "Status"),
                            schemas.reach(META + "DeleteOptions")));
        }
    }

    private void created(String path, ResourceDefinition kind, String definition, ObjectNode gvk) {
        ObjectNode reference = schemas.reach(definition);
        String name = "create" + kind.kind() + gvk.path("kind").asText();
        path(path).set("post", operation("post", name, gvk, WRITE, "201", reference, reference));
    }

    private ObjectNode operation(
            String action,
            String id,
            ObjectNode gvk,
            List<String> query,
            String code,
            ObjectNode answer,
            ObjectNode body) {
        ObjectNode operation = JSON.createObjectNode();
        operation.put("operationId", id);
        ArrayNode parameters = JSON.createArrayNode();
        query.forEach(
                name -> parameters.add(shape.parameter(name, "query", PARAMETER_TYPES.getOrDefault(name, "string"))));
        operation.set("parameters", parameters);
        shape.response(operation, code, answer);
        if (!body.isEmpty()) {
            shape.body(operation, List.of("*/*"), body);
        }
        operation.put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", gvk);
        return operation;
    }

    private ObjectNode path(String path) {
        ObjectNode item = paths.withObjectProperty(path);
        if (!item.has("parameters")) {
            ArrayNode parameters = item.putArray("parameters");
            if (path.contains("{name}")) {
                parameters.add(shape.parameter("name", "path", "string"));
            }
            if (path.contains("{namespace}")) {
                parameters.add(shape.parameter("namespace", "path", "string"));
            }
        }
        return item;
    }

    static ObjectNode gvk(String group, String version, String kind) {
        return JSON.createObjectNode().put("group", group).put("kind", kind).put("version", version);
    }
}
