package dev.keelson.apiserver.registry.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.CsiNames;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.NodeLabelWarnings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The kinds by which storage drivers tell the cluster what they can do. */
final class CsiKinds {
    private static final List<String> LIFECYCLES = List.of("Ephemeral", "Persistent");
    private static final List<String> GROUP_POLICIES = List.of("File", "None", "ReadWriteOnceWithFSType");
    private static final int LONGEST_NODE_ID = 256;

    private CsiKinds() {}

    static ResourceDefinition driver() {
        return Declaration.clusterWide(StorageKinds.API_VERSION, "CSIDriver", "csidrivers")
                .columns(
                        spec("AttachRequired", "Whether volumes are attached to nodes.", "attachRequired"),
                        spec("PodInfoOnMount", "Whether the driver is told about pods.", "podInfoOnMount"),
                        spec("StorageCapacity", "Whether it reports its capacity.", "storageCapacity"),
                        Columns.text("TokenRequests", "Audiences of tokens that it gets.", CsiKinds::audiences),
                        spec("RequiresRepublish", "Whether it is called again and again.", "requiresRepublish"),
                        Columns.text(
                                "Modes",
                                "How long its volumes live.",
                                driver -> Columns.join(Tree.texts(driver, "spec", "volumeLifecycleModes"))),
                        Columns.age())
                .with(KindRules.none()
                        .defaulting(CsiKinds::completeDriver)
                        .updating(CsiKinds::countDriver)
                        .checking(CsiKinds::validateDriver)
                        .checkingChange((updated, old, problems) -> {
                            for (String field : List.of("attachRequired", "volumeLifecycleModes")) {
                                problems.immutable(
                                        "spec." + field, Tree.at(updated, "spec", field), Tree.at(old, "spec", field));
                            }
                        }));
    }

    /** Generations of a driver are counted from what its creator says; those fields count that nodes act on. */
    private static void countDriver(ObjectNode updated, ObjectNode old) {
        boolean other = Stream.of("tokenRequests", "requiresRepublish", "seLinuxMount")
                .anyMatch(field -> !Tree.same(Tree.at(updated, "spec", field), Tree.at(old, "spec", field)));
        if (other) {
            long before = Tree.number(old, "metadata", "generation").orElse(0L);
            Meta.of(updated).put("generation", before + 1);
        }
    }

    private static Column spec(String name, String description, String field) {
        return Columns.flag(name, description, driver -> Tree.isTrue(driver, "spec", field));
    }

    private static String audiences(ObjectNode driver) {
        List<ObjectNode> requests = Tree.objects(driver, "spec", "tokenRequests");
        return requests.isEmpty()
                ? "<unset>"
                : String.join(
                        ",",
                        requests.stream()
                                .map(request -> Tree.text(request, "audience"))
                                .toList());
    }

    private static void completeDriver(ObjectNode driver) {
        ObjectNode spec = Tree.child(driver, "spec");
        Tree.setDefault(spec, "attachRequired", true);
        Tree.setDefault(spec, "podInfoOnMount", false);
        Tree.setDefault(spec, "storageCapacity", false);
        Tree.setDefault(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        Tree.setDefault(spec, "requiresRepublish", false);
        Tree.setDefault(spec, "seLinuxMount", false);
        if (spec.path("volumeLifecycleModes").isEmpty()) {
            spec.putArray("volumeLifecycleModes").add("Persistent");
        }
    }

    private static void validateDriver(ObjectNode driver, Problems problems) {
        JsonNode spec = driver.path("spec");
        problems.oneOf("spec.fsGroupPolicy", spec.path("fsGroupPolicy"), GROUP_POLICIES);
        for (JsonNode mode : spec.path("volumeLifecycleModes")) {
            problems.oneOf("spec.volumeLifecycleModes", mode, LIFECYCLES);
        }
        Set<String> audiences = new HashSet<>();
        Tree.items(spec.path("tokenRequests"), "spec.tokenRequests").forEach(item -> {
            if (!audiences.add(Tree.text(item.value(), "audience"))) {
                problems.duplicate(item.path() + ".audience", item.value().path("audience"));
            }
        });
    }

    static ResourceDefinition node() {
        return Declaration.clusterWide(StorageKinds.API_VERSION, "CSINode", "csinodes")
                .columns(
                        Columns.integer(
                                "Drivers",
                                "How many drivers run on the node.",
                                node -> Columns.size(Tree.at(node, "spec", "drivers"))),
                        Columns.age())
                .with(KindRules.none().checking(CsiKinds::validateNode).checkingChange(CsiKinds::validateNodeChange));
    }

    private static void validateNode(ObjectNode node, Problems problems) {
        Set<String> names = new HashSet<>();
        Tree.items(Tree.at(node, "spec", "drivers"), "spec.drivers").forEach(item -> {
            JsonNode driver = item.value();
            CsiNames.driver(Tree.text(driver, "name"), item.path() + ".name", problems);
            if (!names.add(Tree.text(driver, "name"))) {
                problems.duplicate(item.path() + ".name", driver.path("name"));
            }
            if (problems.requireText(item.path(), driver, "nodeID", "")
                    && Tree.text(driver, "nodeID").length() > LONGEST_NODE_ID) {
                problems.tooLong(item.path() + ".nodeID", LONGEST_NODE_ID);
            }
            problems.notNegative(item.path() + ".allocatable.count", Tree.at(driver, "allocatable", "count"));
        });
    }

    /** A driver may come and go, but what stays is what it was. */
    private static void validateNodeChange(ObjectNode updated, ObjectNode old, Problems problems) {
        List<ObjectNode> before = Tree.objects(old, "spec", "drivers");
        Tree.items(Tree.at(updated, "spec", "drivers"), "spec.drivers").forEach(item -> {
            boolean changed = before.stream()
                    .anyMatch(driver ->
                            driver.path("name").equals(item.value().path("name")) && !Tree.same(driver, item.value()));
            if (changed) {
                problems.invalid(item.path(), item.value(), "field is immutable");
            }
        });
    }

    static ResourceDefinition capacity() {
        return Declaration.namespaced(StorageKinds.API_VERSION, "CSIStorageCapacity", "csistoragecapacities")
                .columns(
                        Columns.text("StorageClassName", "The class it is about.", "", "storageClassName"),
                        Columns.text("Capacity", "How much can be made.", "<unset>", "capacity"))
                .with(KindRules.none()
                        .checking((object, problems) -> {
                            if (!Tree.has(object, "storageClassName")) {
                                problems.required("storageClassName", "");
                            }
                            problems.named("storageClassName", object.path("storageClassName"), NameRule.DNS_SUBDOMAIN);
                            LabelRules.selector(object.path("nodeTopology"), "nodeTopology", problems);
                            for (String field : List.of("capacity", "maximumVolumeSize")) {
                                Quantity.parse(object.path(field))
                                        .filter(amount -> amount.signum() < 0)
                                        .ifPresent(amount -> problems.invalid(
                                                field, object.path(field), "must be greater than or equal to 0"));
                            }
                        })
                        .checkingChange((updated, old, problems) -> {
                            for (String field : List.of("nodeTopology", "storageClassName")) {
                                problems.immutable(field, updated.path(field), old.path(field));
                            }
                        })
                        .advising(NodeLabelWarnings::capacity));
    }
}
