package dev.keelson.node.pod;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import java.util.List;
import java.util.Set;

/** The files of a pod on this node. Every method may be repeated. */
public interface PodVolumes {

    /** Begins in the background what mounting will have to wait for; may do nothing. */
    void prepare(DesiredPod pod);

    /** Brings all volumes and the pod's own files in place and up to date; fails with NodeException. */
    void mount(DesiredPod pod, PodSandbox sandbox, List<String> podIps);

    /** Changes whenever mounting again would change a file; never blocks. */
    String version(DesiredPod pod);

    /** What an ended run left as its termination message; empty when it left none. */
    String terminationMessage(DesiredContainer container, ContainerStatus run);

    /** Names of the pod's {@code image} volumes that are made of an image already, whatever its name means by now. */
    Set<String> imagesChosen(String podUid);

    /** Whether anything of the pod's volumes is on this node. */
    boolean holds(String podUid);

    /** Unmounts and removes the pod's volumes. */
    void unmount(String podUid);

    /** Removes everything that is kept of the pod, logs included. */
    void forget(String podUid, String namespace, String name);

    /** Uids of pods that have a directory on this node. */
    List<String> known();
}
