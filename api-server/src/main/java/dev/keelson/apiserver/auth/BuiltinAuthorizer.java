package dev.keelson.apiserver.auth;

import java.util.Set;

/**
 * The rules that hold without RBAC: masters and the controllers may do everything, everyone may look at discovery,
 * and a node may do what its agent needs, to its own Node and Lease only.
 */
public final class BuiltinAuthorizer implements Authorizer {
    private static final String CONTROLLERS = "system:kube-controller-manager";
    private static final String NODE_PREFIX = "system:node:";
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> PUBLIC_PATHS = Set.of("/livez", "/readyz", "/healthz", "/version");
    private static final Set<String> DISCOVERY_PATHS = Set.of("/api", "/apis", "/openapi");

    /** The group's resources that a node reads, beside those that it writes. */
    private static final Set<String> NODE_READS = Set.of(
            "/pods",
            "/nodes",
            "/services",
            "/endpoints",
            "/namespaces",
            "/configmaps",
            "/secrets",
            "/serviceaccounts",
            "/persistentvolumes",
            "/persistentvolumeclaims",
            "discovery.k8s.io/endpointslices",
            "node.k8s.io/runtimeclasses",
            "networking.k8s.io/networkpolicies",
            "keelson.dev/networks",
            "coordination.k8s.io/leases",
            "/events");

    @Override
    public Decision authorize(Attributes asked) {
        User user = asked.user();
        if (user.in(User.MASTERS) || user.name().equals(CONTROLLERS)) {
            return Decision.ALLOWED;
        }
        if (!asked.isResource()) {
            return allow(mayVisit(asked));
        }
        if (user.anonymous()) {
            return Decision.NO_OPINION;
        }
        if (asked.group().equals("authorization.k8s.io") || asked.group().equals("authentication.k8s.io")) {
            return allow(
                    asked.resource().startsWith("selfsubject") && asked.verb().equals("create"));
        }
        return allow(user.in(User.NODES) && mayNode(asked));
    }

    private static boolean mayVisit(Attributes asked) {
        if (!READ.contains(asked.verb())) {
            return false;
        }
        return under(PUBLIC_PATHS, asked.path()) || !asked.user().anonymous() && under(DISCOVERY_PATHS, asked.path());
    }

    private static boolean under(Set<String> roots, String path) {
        return roots.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }

    private static boolean mayNode(Attributes asked) {
        String resource = asked.group() + "/" + asked.resourceWithSubresource();
        if (READ.contains(asked.verb())) {
            return NODE_READS.contains(resource);
        }
        return switch (resource) {
            case "/nodes" -> asked.verb().equals("create") || own(asked);
            case "/nodes/status" -> own(asked);
            case "/pods" -> Set.of("create", "delete").contains(asked.verb());
            case "/pods/status", "/events", "events.k8s.io/events" ->
                Set.of("create", "update", "patch").contains(asked.verb());
            case "coordination.k8s.io/leases" -> asked.verb().equals("create") || own(asked);
            default -> false;
        };
    }

    /** A node certificate is worth no more than its own node. */
    private static boolean own(Attributes asked) {
        return Set.of("update", "patch").contains(asked.verb())
                && asked.user().name().equals(NODE_PREFIX + asked.name());
    }

    private static Decision allow(boolean allowed) {
        return allowed ? Decision.ALLOWED : Decision.NO_OPINION;
    }
}
