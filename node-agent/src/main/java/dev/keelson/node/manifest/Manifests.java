package dev.keelson.node.manifest;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.Map;

/** Where static pods are written down. */
public interface Manifests {
    /** Uid to pod, as it is written now. */
    Map<String, Pod> pods() throws IOException;
}
