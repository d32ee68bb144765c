package dev.keelson.node.image;

import java.nio.file.Path;
import java.util.List;

/**
 * An image that is on this node and unpacked.
 *
 * @param id digest of the image configuration, {@code sha256:…}
 * @param references full names that point here, such as {@code docker.io/library/web:1}
 * @param repoDigests names with the manifest's digest, {@code registry/name@sha256:…}
 * @param sizeBytes compressed size of its layers and configuration
 * @param layers directories of the unpacked layers, lowest first
 */
public record Image(
        String id,
        List<String> references,
        List<String> repoDigests,
        long sizeBytes,
        List<Path> layers,
        ImageConfig config) {

    /** The run-time part of the OCI image configuration. */
    public record ImageConfig(
            List<String> entrypoint,
            List<String> cmd,
            List<String> env,
            String workingDir,
            String user,
            String stopSignal,
            List<String> exposedPorts) {}
}
