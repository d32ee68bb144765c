package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What holds for every pod template, whichever kind it stands in. */
public final class TemplateRules {
    public static final String MISMATCH = "`selector` does not match template `labels`";

    private TemplateRules() {}

    /** Completes the template in a spec, if there is one. */
    public static void complete(ObjectNode spec) {
        Tree.object(spec, "template").ifPresent(template -> PodDefaults.apply(Tree.child(template, "spec")));
    }

    /** @param path of the template, such as {@code spec.template} */
    public static void validate(JsonNode template, String path, Problems problems) {
        if (!template.isObject()) {
            problems.required(path, "");
            return;
        }
        validateMetadata(template, path, problems);
        PodSpecRules.validateTemplate(template.path("spec"), path + ".spec", problems);
        AnnotationRules.agree(template, path + ".spec", problems);
        if (!template.path("spec").path("ephemeralContainers").isEmpty()) {
            problems.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    /** What holds for the labels and annotations of a template; Kubernetes leaves the metadata out of these paths. */
    public static void validateMetadata(JsonNode template, String path, Problems problems) {
        LabelRules.labels(Tree.at(template, "metadata", "labels"), path + ".labels", problems);
        LabelRules.annotations(Tree.at(template, "metadata", "annotations"), path + ".annotations", problems);
        AnnotationRules.validate(template, path + ".annotations", problems);
    }

    /** For the kinds whose pods are replaced for ever: they restart, and have no deadline. */
    public static void mustRunForever(JsonNode template, String path, String kind, Problems problems) {
        JsonNode restart = Tree.at(template, "spec", "restartPolicy");
        if (!restart.asText("Always").equals("Always")) {
            problems.notSupported(path + ".spec.restartPolicy", restart, List.of("Always"));
        }
        if (Tree.has(template, "spec", "activeDeadlineSeconds")) {
            problems.forbidden(
                    path + ".spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in %s is not Supported".formatted(kind));
        }
    }
}
