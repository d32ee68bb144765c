package dev.keelson.apiserver.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Nobody grants more than they have (Kubernetes: "Privilege escalation prevention and bootstrapping"): who writes a role
 * holds its rules or may {@code escalate}; who writes a binding holds the role's rules or may {@code bind} it.
 */
public final class EscalationAdmission implements Admission {
    private final Supplier<RbacIndex> index;
    private final Authorizer authorizer;

    public EscalationAdmission(Supplier<RbacIndex> index, Authorizer authorizer) {
        this.index = index;
        this.authorizer = authorizer;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.kind().group().equals(RbacWatch.GROUP)
                || request.operation() == Operation.DELETE
                || request.user().in(User.MASTERS)) {
            return;
        }
        switch (request.kind().plural()) {
            case "roles", "clusterroles" -> role(request);
            case "rolebindings", "clusterrolebindings" -> binding(request);
            default -> {}
        }
    }

    private void role(AdmissionRequest request) {
        JsonNode rules = request.object().path("rules");
        boolean aggregates = request.object().path("aggregationRule").isObject();
        if (unchanged(request, "rules", "aggregationRule")
                || may(request, "escalate", request.kind().plural(), request.name())) {
            return;
        }
        refuseMissing(request, PolicyRule.listOf(rules));
        if (aggregates) {
            // Whatever will ever carry the labels is granted by it: only who has everything may ask for that.
            List<String> all = List.of(PolicyRule.ALL);
            refuseMissing(
                    request, List.of(PolicyRule.onResources(all, all, all, List.of()), PolicyRule.onPaths(all, all)));
        }
    }

    private void binding(AdmissionRequest request) {
        RoleKey role =
                RoleGrant.of(request.object(), request.namespace().isEmpty()).role();
        boolean mayBind = may(request, "bind", role.plural(), role.name());
        if (unchanged(request, "subjects", "roleRef") || mayBind) {
            return;
        }
        List<PolicyRule> rules = index.get()
                .rulesOf(role)
                .orElseThrow(() -> new ApiFailure(
                        dev.keelson.apiserver.registry.StatusReason.NOT_FOUND,
                        "%s.%s \"%s\" not found".formatted(role.plural(), RbacWatch.GROUP, role.name()),
                        dev.keelson.apiserver.registry.StatusDetails.of(role.name(), RbacWatch.GROUP, role.plural())));
        refuseMissing(request, rules);
    }

    private static boolean unchanged(AdmissionRequest request, String one, String other) {
        return request.old()
                .filter(old -> same(old, request.object(), one) && same(old, request.object(), other))
                .isPresent();
    }

    private static boolean same(ObjectNode old, ObjectNode updated, String field) {
        return old.path(field).equals(updated.path(field));
    }

    private boolean may(AdmissionRequest request, String verb, String plural, String name) {
        Attributes asked =
                new Attributes(request.user(), verb, RbacWatch.GROUP, "v1", plural, "", request.namespace(), name, "");
        return authorizer.authorize(asked).allowed();
    }

    private void refuseMissing(AdmissionRequest request, List<PolicyRule> wanted) {
        User user = request.user();
        List<PolicyRule> missing = RuleCoverage.missing(index.get().rulesOf(user, request.namespace()), wanted);
        if (missing.isEmpty()) {
            return;
        }
        String groups =
                user.groups().stream().map(group -> '"' + group + '"').collect(Collectors.joining(" ", "[", "]"));
        throw ApiFailure.forbidden(
                request.kind(),
                request.name(),
                "user \"%s\" (groups=%s) is attempting to grant RBAC permissions not currently held:\n%s"
                        .formatted(
                                user.name(),
                                groups,
                                missing.stream().map(PolicyRule::shown).sorted().collect(Collectors.joining("\n"))));
    }
}
