package dev.keelson.apiserver.registry.batch;

import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;

/** The kinds of {@code batch/v1}. */
public final class BatchKinds {
    private BatchKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(JobKind.definition(), CronJobKind.definition());
    }
}
