package dev.keelson.node.runtime;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A pod's namespaces as they are on this node.
 *
 * @param networkNamespace a path that can be opened for setns as long as the sandbox is ready; the host's own for
 *     host-network pods
 * @param rootUid the host's uid and gid that root inside the pod is mapped to; 0 without a user namespace
 * @param idRange how many ids are mapped from {@code rootUid} up
 */
public record PodSandbox(
        String uid,
        String namespace,
        String name,
        State state,
        Path networkNamespace,
        int rootUid,
        int idRange,
        Instant createdAt) {
    public enum State {
        READY,
        NOT_READY
    }
}
