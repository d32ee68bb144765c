package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Locale;

/** The declaration of ControllerRevisions: what a controller once had to do, kept as it was. */
final class ControllerRevisionKind {
    private ControllerRevisionKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("apps/v1", "ControllerRevision", "controllerrevisions")
                .columns(
                        Columns.text("Controller", "Whose revision it is.", ControllerRevisionKind::controller),
                        Columns.number("Revision", "Its number.", object -> object.path("revision")
                                .asLong()),
                        Columns.age())
                .with(KindRules.none()
                        .checking(ControllerRevisionKind::validate)
                        .checkingChange((updated, old, problems) ->
                                problems.immutable("data", updated.path("data"), old.path("data"))));
    }

    private static void validate(ObjectNode object, Problems problems) {
        problems.notNegative("revision", object.path("revision"));
        if (object.path("data").isMissingNode() || object.path("data").isNull()) {
            problems.required("data", "data is mandatory");
        }
    }

    private static String controller(ObjectNode object) {
        return Tree.objects(object, "metadata", "ownerReferences").stream()
                .filter(owner -> Tree.isTrue(owner, "controller"))
                .map(owner -> {
                    String apiVersion = Tree.text(owner, "apiVersion");
                    int slash = apiVersion.indexOf('/');
                    String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
                    return Tree.text(owner, "kind").toLowerCase(Locale.ROOT) + group + "/" + Tree.text(owner, "name");
                })
                .findFirst()
                .orElse(Columns.NONE);
    }
}
