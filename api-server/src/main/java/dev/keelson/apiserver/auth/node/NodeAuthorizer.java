package dev.keelson.apiserver.auth.node;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Kubernetes' Node authorizer: an agent reads secrets, config maps and claims only when a pod bound to its node names
 * them, asks for tokens only of such pods' accounts, and renews only its own lease. Everything else follows fixed rules:
 * those of the roles {@code system:node} and, because the agent also routes services, {@code keelson:node}.
 */
public final class NodeAuthorizer implements Authorizer {
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> BY_POD = Set.of("secrets", "configmaps", "persistentvolumeclaims");

    private final NodeGraph graph;
    private final List<PolicyRule> rules;

    public NodeAuthorizer(NodeGraph graph, BootstrapPolicy policy) {
        this.graph = graph;
        this.rules = List.copyOf(java.util.stream.Stream.concat(
                        policy.rulesOf("system:node").stream(), policy.rulesOf("keelson:node").stream())
                .toList());
    }

    @Override
    public Decision authorize(Attributes asked) {
        Optional<String> node = NodeIdentity.of(asked.user());
        return node.isEmpty() ? Decision.NO_OPINION : decide(node.get(), asked);
    }

    private Decision decide(String node, Attributes asked) {
        String resource = asked.group() + "/" + asked.resourceWithSubresource();
        if (asked.group().isEmpty() && BY_POD.contains(asked.resourceWithSubresource())) {
            return byPod(node, asked);
        }
        return switch (resource) {
            case "/serviceaccounts/token" -> token(node, asked);
            case "coordination.k8s.io/leases" -> lease(node, asked);
            default -> rules.stream().anyMatch(rule -> rule.allows(asked)) ? Decision.ALLOWED : Decision.NO_OPINION;
        };
    }

    private Decision byPod(String node, Attributes asked) {
        if (!READ.contains(asked.verb())) {
            return refused("can only read resources of this type");
        }
        if (asked.name().isEmpty() || asked.namespace().isEmpty()) {
            return refused("can only read individual resources of this type; add fieldSelector=metadata.name=NAME");
        }
        return graph.reaches(node, asked.namespace(), asked.resource(), asked.name())
                ? Decision.ALLOWED
                : refused("no relationship found between node '%s' and this object: no pod bound to it names it"
                        .formatted(node));
    }

    private Decision token(String node, Attributes asked) {
        if (!asked.verb().equals("create") || asked.name().isEmpty()) {
            return refused("can only create tokens for individual service accounts");
        }
        return graph.reaches(node, asked.namespace(), "serviceaccounts", asked.name())
                ? Decision.ALLOWED
                : refused("no relationship found between node '%s' and this object: no pod bound to it runs as it"
                        .formatted(node));
    }

    private Decision lease(String node, Attributes asked) {
        boolean own = asked.namespace().equals("kube-node-lease")
                && (asked.name().equals(node) || asked.verb().equals("create"));
        return own && Set.of("get", "create", "update", "patch", "delete").contains(asked.verb())
                ? Decision.ALLOWED
                : refused("can only access node lease with the same name as the requesting node");
    }

    private static Decision refused(String why) {
        return new Decision(false, why);
    }

    @Override
    public RuleList rulesFor(User user, String namespace) {
        return NodeIdentity.of(user).isEmpty()
                ? RuleList.NONE
                : new RuleList(rules, true, List.of("what a node may read depends on the pods that are bound to it"));
    }
}
