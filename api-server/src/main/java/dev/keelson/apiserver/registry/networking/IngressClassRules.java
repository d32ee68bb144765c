package dev.keelson.apiserver.registry.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
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
            int slash = controller.asText().indexOf('/');
            if (controller.asText().length() > LONGEST_CONTROLLER) {
                problems.tooLong("spec.controller", LONGEST_CONTROLLER);
            } else if (slash <= 0
                    || slash == controller.asText().length() - 1
                    || NameRule.DNS_SUBDOMAIN
                            .problem(controller.asText().substring(0, slash))
                            .isPresent()) {
                problems.invalid(
                        "spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            }
        }
        JsonNode parameters = spec.path("parameters");
        if (!parameters.isObject()) {
            return;
        }
        String path = "spec.parameters";
        problems.requireText(path, parameters, "kind", "");
        problems.requireText(path, parameters, "name", "");
        problems.oneOf(path + ".scope", parameters.path("scope"), List.of("Cluster", "Namespace"));
        boolean inNamespace = Tree.text(parameters, "scope").equals("Namespace");
        if (inNamespace) {
            problems.requireText(path, parameters, "namespace", "`parameters.scope` is set to 'Namespace'");
        } else if (Tree.has(parameters, "namespace")) {
            problems.forbidden(path + ".namespace", "`parameters.scope` is set to 'Cluster'");
        }
    }
}
