package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The FlowSchemas and PriorityLevelConfigurations that every Kubernetes 1.32 has from the start (its {@code bootstrap}). */
public final class FirstFlows {
    static final String EXEMPT = "exempt";
    static final String CATCH_ALL = "catch-all";

    private static final List<String> EVERYTHING = List.of("*");
    private static final List<String> ELECTION = List.of("get", "create", "update");
    private static final String COORDINATION = "coordination.k8s.io";

    private FirstFlows() {}

    public static List<ObjectNode> levels() {
        return List.of(
                exempt(),
                limited(CATCH_ALL, 5, 0, FirstFlows::rejecting),
                limited("system", 30, 33, response -> queuing(response, 64, 6)),
                limited("node-high", 40, 25, response -> queuing(response, 64, 6)),
                limited("leader-election", 10, 0, response -> queuing(response, 16, 4)),
                limited("workload-high", 40, 50, response -> queuing(response, 128, 6)),
                limited("workload-low", 100, 90, response -> queuing(response, 128, 6)),
                limited("global-default", 20, 50, response -> queuing(response, 128, 6)));
    }

    public static List<ObjectNode> schemas() {
        Consumer<ArrayNode> everybody =
                subjects -> group(group(subjects, "system:unauthenticated"), "system:authenticated");
        Consumer<ArrayNode> nodes = subjects -> group(subjects, "system:nodes");
        Consumer<ArrayNode> manager = subjects -> user(subjects, "system:kube-controller-manager");
        Consumer<ArrayNode> scheduler = subjects -> user(subjects, "system:kube-scheduler");
        Consumer<ArrayNode> system = subjects -> account(subjects, "*");
        return List.of(
                schema(EXEMPT, EXEMPT, 1, "", subjects -> group(subjects, "system:masters"), FirstFlows::everything),
                schema("probes", EXEMPT, 2, "", everybody, rule -> paths(rule, "get", "/healthz", "/readyz", "/livez")),
                schema(
                        "system-leader-election",
                        "leader-election",
                        100,
                        "ByUser",
                        manager.andThen(scheduler).andThen(system),
                        FirstFlows::leases),
                schema(
                        "endpoint-controller",
                        "workload-high",
                        150,
                        "ByUser",
                        manager.andThen(subjects ->
                                account(account(subjects, "endpoint-controller"), "endpointslicemirroring-controller")),
                        rule -> resources(rule, ELECTION, "", List.of("endpoints"), false)),
                schema("workload-leader-election", "leader-election", 200, "ByUser", system, FirstFlows::leases),
                schema("system-node-high", "node-high", 400, "ByUser", nodes, rule -> {
                    resources(rule, EVERYTHING, "", List.of("nodes", "nodes/status"), true);
                    resources(rule, EVERYTHING, COORDINATION, List.of("leases"), false);
                }),
                schema("system-nodes", "system", 500, "ByUser", nodes, FirstFlows::everything),
                schema("kube-controller-manager", "workload-high", 800, "ByNamespace", manager, FirstFlows::everything),
                schema("kube-scheduler", "workload-high", 800, "ByNamespace", scheduler, FirstFlows::everything),
                schema(
                        "kube-system-service-accounts",
                        "workload-high",
                        900,
                        "ByNamespace",
                        system,
                        FirstFlows::everything),
                schema(
                        "service-accounts",
                        "workload-low",
                        9000,
                        "ByUser",
                        subjects -> group(subjects, "system:serviceaccounts"),
                        FirstFlows::everything),
                schema("global-default", "global-default", 9900, "ByUser", everybody, FirstFlows::everything),
                schema(CATCH_ALL, CATCH_ALL, 10_000, "ByUser", everybody, FirstFlows::everything));
    }

    /** What an object must be that bears this name, when there is such a thing. */
    static Optional<ObjectNode> fixed(List<ObjectNode> first, String name) {
        return Stream.of(EXEMPT, CATCH_ALL)
                .filter(name::equals)
                .flatMap(fixed -> first.stream()
                        .filter(object -> object.at("/metadata/name").asText().equals(fixed)))
                .findFirst();
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", FlowControlKinds.API_VERSION)
                .put("kind", kind)
                .putObject("metadata")
                .put("name", name)
                .putObject("annotations")
                .put("apf.kubernetes.io/autoupdate-spec", "true");
        return object;
    }

    private static ObjectNode exempt() {
        ObjectNode level = object("PriorityLevelConfiguration", EXEMPT);
        level.putObject("spec")
                .put("type", "Exempt")
                .putObject("exempt")
                .put("nominalConcurrencyShares", 0)
                .put("lendablePercent", 0);
        return level;
    }

    /** @param lendable percent of the shares that others may borrow */
    private static ObjectNode limited(String name, int shares, int lendable, Consumer<ObjectNode> response) {
        ObjectNode level = object("PriorityLevelConfiguration", name);
        ObjectNode limited = level.putObject("spec")
                .put("type", "Limited")
                .putObject("limited")
                .put("nominalConcurrencyShares", shares)
                .put("lendablePercent", lendable);
        response.accept(limited.putObject("limitResponse"));
        return level;
    }

    private static void rejecting(ObjectNode response) {
        response.put("type", "Reject");
    }

    private static void queuing(ObjectNode response, int queues, int hand) {
        response.put("type", "Queue")
                .putObject("queuing")
                .put("queues", queues)
                .put("handSize", hand)
                .put("queueLengthLimit", 50);
    }

    private static ObjectNode schema(
            String name,
            String level,
            int precedence,
            String distinguisher,
            Consumer<ArrayNode> subjects,
            Consumer<ObjectNode> requests) {
        ObjectNode schema = object("FlowSchema", name);
        ObjectNode spec = schema.putObject("spec").put("matchingPrecedence", precedence);
        spec.putObject("priorityLevelConfiguration").put("name", level);
        if (!distinguisher.isEmpty()) {
            spec.putObject("distinguisherMethod").put("type", distinguisher);
        }
        ObjectNode rule = spec.putArray("rules").addObject();
        subjects.accept(rule.putArray("subjects"));
        requests.accept(rule);
        return schema;
    }

    private static ArrayNode group(ArrayNode subjects, String name) {
        return subject(subjects, "Group", "group", subject -> subject.put("name", name));
    }

    private static ArrayNode user(ArrayNode subjects, String name) {
        return subject(subjects, "User", "user", subject -> subject.put("name", name));
    }

    private static ArrayNode account(ArrayNode subjects, String name) {
        return subject(subjects, "ServiceAccount", "serviceAccount", subject -> subject.put("name", name)
                .put("namespace", "kube-system"));
    }

    private static ArrayNode subject(ArrayNode subjects, String kind, String field, Consumer<ObjectNode> named) {
        named.accept(subjects.addObject().put("kind", kind).putObject(field));
        return subjects;
    }

    private static void everything(ObjectNode rule) {
        resources(rule, EVERYTHING, "*", EVERYTHING, true);
        paths(rule, "*", "*");
    }

    private static void leases(ObjectNode rule) {
        resources(rule, ELECTION, COORDINATION, List.of("leases"), false);
    }

    private static void resources(
            ObjectNode rule, List<String> verbs, String group, List<String> resources, boolean clusterScope) {
        ObjectNode added = rule.withArray("/resourceRules").addObject();
        verbs.forEach(added.putArray("verbs")::add);
        added.putArray("apiGroups").add(group);
        resources.forEach(added.putArray("resources")::add);
        if (clusterScope) {
            added.put("clusterScope", true);
        }
        added.putArray("namespaces").add("*");
    }

    private static void paths(ObjectNode rule, String verb, String... paths) {
        ObjectNode added = rule.withArray("/nonResourceRules").addObject();
        added.putArray("verbs").add(verb);
        List.of(paths).forEach(added.putArray("nonResourceURLs")::add);
    }
}
