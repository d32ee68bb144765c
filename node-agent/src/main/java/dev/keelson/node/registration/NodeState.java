package dev.keelson.node.registration;

import dev.keelson.node.eviction.Pressure;
import io.fabric8.kubernetes.api.model.ContainerImage;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What of a node changes while its agent runs; asked for every few seconds.
 *
 * @param images that are on it
 * @param pressures that it is under
 * @param handlers runtimes beside Keelson's own that RuntimeClasses may name
 */
public record NodeState(
        Supplier<List<ContainerImage>> images, Supplier<Set<Pressure>> pressures, Supplier<Set<String>> handlers) {}
