package dev.keelson.apiserver.registry.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.DomainPaths;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What a valid IngressClass is. */
final class IngressClassRules {
    private static final int LONGEST_CONTROLLER = 250;

    private IngressClassRules() {}

    static void validate(ObjectNode ingressClass, Problems problems) {
        JsonNode spec = ingressClass.path("spec");
        JsonNode controller = spec.path("controller");
        if (problems.requireText("spec", spec, "controller", "")) {
            if (controller.asText().length() > LONGEST_CONTROLLER) {
                problems.tooLong("spec.controller", LONGEST_CONTROLLER);
            }
            DomainPaths.check(controller.asText(), "spec.controller", problems);
        }
        JsonNode parameters = spec.path("parameters");
        if (!parameters.isObject()) {
            return;
        }
        String path = "spec.parameters";
        problems.named(path + ".apiGroup", parameters.path("apiGroup"), NameRule.DNS_SUBDOMAIN);
        for (String field : List.of("kind", "name")) {
            problems.requireText(path, parameters, field, "");
            problems.named(path + "." + field, parameters.path(field), NameRule.PATH_SEGMENT);
        }
        problems.oneOf(path + ".scope", parameters.path("scope"), List.of("Cluster", "Namespace"));
        String scope = Tree.text(parameters, "scope");
        if (scope.equals("Namespace")) {
            problems.requireText(path, parameters, "namespace", "`parameters.scope` is set to 'Namespace'");
            problems.named(path + ".namespace", parameters.path("namespace"), NameRule.DNS_LABEL);
        } else if (scope.equals("Cluster") && Tree.has(parameters, "namespace")) {
            problems.forbidden(path + ".namespace", "`parameters.scope` is set to 'Cluster'");
        }
    }
}
