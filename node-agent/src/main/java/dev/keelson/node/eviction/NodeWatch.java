package dev.keelson.node.eviction;

import dev.keelson.node.stats.MachineUse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How a node is looked at.
 *
 * @param machine what the machine uses now
 * @param every how often it is looked whether something runs short
 */
public record NodeWatch(Supplier<MachineUse> machine, Duration every) {
    /** The kubelet's housekeeping interval. */
    private static final Duration EVERY = Duration.ofSeconds(10);

    /** @param directory the node's */
    public static NodeWatch of(Path directory) {
        return new NodeWatch(() -> MachineUse.read(directory, directory.resolve("images")), EVERY);
    }
}
