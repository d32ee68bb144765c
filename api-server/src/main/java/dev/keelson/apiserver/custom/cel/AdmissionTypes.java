package dev.keelson.apiserver.custom.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What expressions about a request know by type: the request, the object's namespace, and who may do what.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression">
 *     Validation expressions</a>
 */
final class AdmissionTypes implements CelTypeProvider {
    static final CelType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    static final CelType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    private static final CelType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    private static final CelType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    private static final CelType DECISION = OpaqueType.create("kubernetes.authorization.Decision");
    private static final CelType STRING = SimpleType.STRING;
    private static final CelType TEXTS = ListType.create(STRING);

    private final Map<String, StructType> structs = new HashMap<>();
    private final CelType request;
    private final CelType namespace;

    AdmissionTypes() {
        CelType kind =
                struct("kubernetes.GroupVersionKind", Map.of("group", STRING, "version", STRING, "kind", STRING));
        CelType resource = struct(
                "kubernetes.GroupVersionResource", Map.of("group", STRING, "version", STRING, "resource", STRING));
        CelType user = struct(
                "kubernetes.UserInfo",
                Map.of("username", STRING, "uid", STRING, "groups", TEXTS, "extra", MapType.create(STRING, TEXTS)));
        Map<String, CelType> asked = new HashMap<>();
        List.of("subResource", "requestSubResource", "name", "namespace", "operation")
                .forEach(field -> asked.put(field, STRING));
        asked.putAll(Map.of("kind", kind, "requestKind", kind, "resource", resource, "requestResource", resource));
        asked.putAll(Map.of("userInfo", user, "dryRun", SimpleType.BOOL, "options", SimpleType.DYN));
        request = struct("kubernetes.AdmissionRequest", asked);
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
        return struct(
                "kubernetes.Namespace",
                Map.of(
                        "metadata", struct("kubernetes.NamespaceMetadata", metadata),
                        "spec", struct("kubernetes.NamespaceSpec", Map.of("finalizers", TEXTS)),
                        "status", struct("kubernetes.NamespaceStatus", Map.of("phase", STRING))));
    }

    CelType request() {
        return request;
    }

    CelType namespaceObject() {
        return namespace;
    }

    /** Adds a type, or replaces the one of this name. */
    StructType struct(String name, Map<String, CelType> fields) {
        Map<String, CelType> known = Map.copyOf(fields);
        StructType type = StructType.create(
                name, ImmutableSet.copyOf(known.keySet()), field -> Optional.ofNullable(known.get(field)));
        structs.put(name, type);
        return type;
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(structs.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return Optional.ofNullable(structs.get(name));
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
