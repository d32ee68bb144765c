package dev.keelson.apiserver.registry.autoscaling;

import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.rules.KindRules;
import java.util.List;

/** The kinds of {@code autoscaling/v2} and {@code v1}. */
public final class AutoscalingKinds {
    private AutoscalingKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(Declaration.namespaced("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
                .shortNames("hpa")
                .categories("all")
                .subresources(Subresource.STATUS)
                .columns(AutoscalerColumns.list())
                .with(KindRules.withStatus()
                        .defaulting(AutoscalerDefaults::apply)
                        .checking(AutoscalerRules::validate)));
    }
}
