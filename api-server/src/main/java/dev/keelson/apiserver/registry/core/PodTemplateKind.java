package dev.keelson.apiserver.registry.core;

import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.PodWarnings;

/** The declaration of PodTemplates. */
final class PodTemplateKind {
    private PodTemplateKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("v1", "PodTemplate", "podtemplates")
                .columns(
                        Columns.containers("template").shownAlways(),
                        Columns.images("template").shownAlways(),
                        Columns.text(
                                "Pod Labels",
                                "Labels of the pods.",
                                object -> Selectors.formatMap(Tree.at(object, "template", "metadata", "labels"))))
                .with(KindRules.none()
                        .counting("template")
                        .defaulting(TemplateRules::complete)
                        .checking((object, problems) ->
                                TemplateRules.validate(object.path("template"), "template", problems))
                        .advising(PodWarnings::podTemplate));
    }
}
