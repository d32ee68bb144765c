package dev.keelson.apiserver.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.selector.LabelSelector;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a ClusterRole with an aggregationRule says: the rules of all roles that its selectors choose. Pure. */
final class AggregationPlanner {
    private AggregationPlanner() {}

    static boolean aggregates(ObjectNode role) {
        return !role.path("aggregationRule").path("clusterRoleSelectors").isEmpty();
    }

    /** @param all every ClusterRole; their order does not matter */
    static ArrayNode rules(ObjectNode aggregating, List<ObjectNode> all) {
        Set<JsonNode> rules = new LinkedHashSet<>();
        all.stream()
                .filter(role -> !Meta.name(role).equals(Meta.name(aggregating)) && chosen(aggregating, role))
                .sorted(Comparator.comparing(Meta::name))
                .forEach(role -> role.path("rules").forEach(rules::add));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        rules.forEach(list::add);
        return list;
    }

    private static boolean chosen(ObjectNode aggregating, ObjectNode role) {
        for (JsonNode selector : aggregating.path("aggregationRule").path("clusterRoleSelectors")) {
            if (LabelSelector.fromObject(selector).matches(role.path("metadata").path("labels"))) {
                return true;
            }
        }
        return false;
    }
}
