package dev.keelson.apiserver.registry.autoscaling;

import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.store.ServedVersion;
import java.util.List;

/** The one kind of autoscaling: stored as {@code v2}, served as {@code v1} too. */
public final class AutoscalingKinds {
    private AutoscalingKinds() {}

    public static List<ResourceDefinition> list() {
        ResourceDefinition stored = autoscaler("autoscaling/v2")
                .with(KindRules.withStatus()
                        .defaulting(AutoscalerDefaults::apply)
                        .checking(AutoscalerRules::validate)
                        .checkingStatus((updated, old, problems) ->
                                StatusRules.counts(updated, List.of("currentReplicas", "desiredReplicas"), problems)));
        String old = "autoscaling/v1";
        ServedVersion view = new ServedVersion(stored, old, AutoscalerConversion.OF_VERSION_1);
        return List.of(stored, autoscaler(old).columns(view.columns()).with(view));
    }

    private static Declaration autoscaler(String apiVersion) {
        return Declaration.namespaced(apiVersion, "HorizontalPodAutoscaler", "horizontalpodautoscalers")
                .shortNames("hpa")
                .categories("all")
                .subresources(Subresource.STATUS)
                .columns(AutoscalerColumns.list());
    }
}
