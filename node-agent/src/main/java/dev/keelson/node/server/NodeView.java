package dev.keelson.node.server;

import dev.keelson.node.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;

/** What the HTTPS API needs to know of the pods on this node. */
public interface NodeView {

    /** The pods of this node with their newest status. */
    List<Pod> pods();

    /** The uid of the pod; fails with a {@code NOT_FOUND} NodeException that names it. */
    String podUid(String namespace, String pod);

    /** Newest run of a container, running or not; fails with NodeException. */
    ContainerStatus newestRun(String namespace, String pod, String container);

    /** The log of the run before the newest one; fails with NodeException. */
    Path previousLog(String namespace, String pod, String container);

    /** The run that is running now; fails with NodeException. */
    ContainerStatus running(String namespace, String pod, String container);
}
