package dev.keelson.node.pod;

import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.DesiredPods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;

/** API objects for tests. */
public final class Pods {
    public static final String UID = "uid-1";
    public static final String IMAGE = "reg.local/web:1";

    private Pods() {}

    /** A bound pod {@code shop/web} with one main container {@code app}. */
    public static PodBuilder pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withUid(UID)
                .withNamespace("shop")
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Always")
                .withTerminationGracePeriodSeconds(30L)
                .withContainers(container("app"))
                .endSpec();
    }

    public static Container container(String name) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .build();
    }

    public static Container sidecar(String name) {
        return new ContainerBuilder(container(name)).withRestartPolicy("Always").build();
    }

    /** A container with a postStart hook. */
    public static Container hooked(String name) {
        return new ContainerBuilder(container(name))
                .withNewLifecycle()
                .withNewPostStart()
                .withNewExec()
                .withCommand("/hook")
                .endExec()
                .endPostStart()
                .endLifecycle()
                .build();
    }

    public static DesiredPod desired(PodBuilder pod) {
        return DesiredPods.of(pod.build());
    }

    /** The pod after somebody asked for its deletion. */
    public static Pod deleted(Pod pod, Instant asked, Duration grace) {
        return new PodBuilder(pod)
                .editMetadata()
                .withDeletionTimestamp(asked.plus(grace).toString())
                .withDeletionGracePeriodSeconds(grace.toSeconds())
                .endMetadata()
                .build();
    }
}
