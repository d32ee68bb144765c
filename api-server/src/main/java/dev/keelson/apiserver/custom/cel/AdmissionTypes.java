package dev.keelson.apiserver.custom.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What expressions about a request know by type: the request, the object's namespace, and who may do what.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression">
 *     Validation expressions</a>
 */
final class AdmissionTypes {
    static final CelType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    static final CelType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    private static final CelType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    private static final CelType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    private static final CelType DECISION = OpaqueType.create("kubernetes.authorization.Decision");
    private static final CelType STRING = SimpleType.STRING;
    private static final CelType TEXTS = ListType.create(STRING);

    private final StructTypes structs = new StructTypes();
    private final CelType request;
    private final CelType namespace;

    AdmissionTypes() {
        CelType kind =
                structs.add("kubernetes.GroupVersionKind", Map.of("group", STRING, "version", STRING, "kind", STRING));
        CelType resource = structs.add(
                "kubernetes.GroupVersionResource", Map.of("group", STRING, "version", STRING, "resource", STRING));
        CelType user = structs.add(
                "kubernetes.UserInfo",
                Map.of("username", STRING, "uid", STRING, "groups", TEXTS, "extra", MapType.create(STRING, TEXTS)));
        Map<String, CelType> asked = new HashMap<>();
        List.of("subResource", "requestSubResource", "name", "namespace", "operation")
                .forEach(field -> asked.put(field, STRING));
        asked.putAll(Map.of("kind", kind, "requestKind", kind, "resource", resource, "requestResource", resource));
        asked.putAll(Map.of("userInfo", user, "dryRun", SimpleType.BOOL, "options", SimpleType.DYN));
        request = structs.add("kubernetes.AdmissionRequest", asked);
        namespace = namespace();
    }

    private CelType namespace() {
        CelType texts = MapType.create(STRING, STRING);
        Map<String, CelType> metadata = new HashMap<>();
        List.of("name", "generateName", "namespace", "UID", "resourceVersion")
                .forEach(field -> metadata.put(field, STRING));
        List.of("generation", "deletionGracePeriodSeconds").forEach(field -> metadata.put(field, SimpleType.INT));
        List.of("creationTimestamp", "deletionTimestamp").forEach(field -> metadata.put(field, SimpleType.TIMESTAMP));
        metadata.putAll(Map.of("labels", texts, "annotations", texts, "finalizers", TEXTS));
        return structs.add(
                "kubernetes.Namespace",
                Map.of(
                        "metadata", structs.add("kubernetes.NamespaceMetadata", metadata),
                        "spec", structs.add("kubernetes.NamespaceSpec", Map.of("finalizers", TEXTS)),
                        "status", structs.add("kubernetes.NamespaceStatus", Map.of("phase", STRING))));
    }

    CelType request() {
        return request;
    }

    CelType namespaceObject() {
        return namespace;
    }

    /** Lets expressions know the variables that were defined before them. */
    CelType variables(Map<String, CelType> known) {
        return structs.add("kubernetes.variables", known);
    }

    CelTypeProvider provider() {
        return structs;
    }

    /** What can be asked of {@code authorizer}. */
    static List<CelFunctionDecl> functions() {
        List<CelFunctionDecl> functions = new ArrayList<>();
        functions.add(member("path", PATH_CHECK, AUTHORIZER, STRING));
        functions.add(member("group", GROUP_CHECK, AUTHORIZER, STRING));
        functions.add(member("serviceAccount", AUTHORIZER, AUTHORIZER, STRING, STRING));
        functions.add(member("resource", RESOURCE_CHECK, GROUP_CHECK, STRING));
        for (String part : List.of("subresource", "namespace", "name", "fieldSelector", "labelSelector")) {
            functions.add(member(part, RESOURCE_CHECK, RESOURCE_CHECK, STRING));
        }
        functions.add(CelFunctionDecl.newFunctionDeclaration(
                "check",
                CelOverloadDecl.newMemberOverload("pathcheck_check", DECISION, PATH_CHECK, STRING),
                CelOverloadDecl.newMemberOverload("resourcecheck_check", DECISION, RESOURCE_CHECK, STRING)));
        functions.add(member("allowed", SimpleType.BOOL, DECISION));
        functions.add(member("errored", SimpleType.BOOL, DECISION));
        functions.add(member("error", STRING, DECISION));
        functions.add(member("reason", STRING, DECISION));
        return functions;
    }

    private static CelFunctionDecl member(String name, CelType result, CelType... types) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload("authorizer_" + name, result, List.of(types)));
    }
}
