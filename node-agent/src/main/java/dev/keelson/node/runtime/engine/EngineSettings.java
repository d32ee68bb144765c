package dev.keelson.node.runtime.engine;

import dev.keelson.node.AgentConfig;
import java.nio.file.Path;

/**
 * What the engine is told.
 *
 * @param directory where it keeps sandboxes and containers; on one file system, readable by root only
 * @param launcher the static launcher program
 * @param cgroupParent name of the group under which all its groups are, {@code keelson-CLUSTER}
 * @param idRanges directory of this machine, shared by all clusters on it, in which id ranges are claimed
 * @param logBytes size at which a container's log is rotated
 * @param logFiles how many files of a log are kept, the current one included
 * @param runtimes directory with one file for each further handler of RuntimeClasses
 */
public record EngineSettings(
        Path directory, Path launcher, String cgroupParent, Path idRanges, long logBytes, int logFiles, Path runtimes) {
    private static final long LOG_BYTES = 10 << 20;
    private static final int LOG_FILES = 5;

    /** With the handlers that are installed, and no others. */
    public EngineSettings(
            Path directory, Path launcher, String cgroupParent, Path idRanges, long logBytes, int logFiles) {
        this(directory, launcher, cgroupParent, idRanges, logBytes, logFiles, directory.resolve("runtimes"));
    }

    /** The settings of an agent: everything under {@code DATA/node/run}. */
    public static EngineSettings of(AgentConfig config) {
        return new EngineSettings(
                config.dataDir().toAbsolutePath().resolve("node/run"),
                config.launcher().toAbsolutePath(),
                "keelson-" + config.clusterName(),
                Path.of("/run/keelson/id-ranges"),
                LOG_BYTES,
                LOG_FILES,
                config.dataDir().toAbsolutePath().resolve("runtimes"));
    }
}
