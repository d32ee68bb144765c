package dev.keelson.node.pod.spec;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;

/** Reads ephemeral containers as the containers that they are but for their target (Kubernetes: EphemeralContainerCommon). */
final class EphemeralContainers {
    private EphemeralContainers() {}

    static Container asContainer(EphemeralContainer written) {
        return new ContainerBuilder()
                .withName(written.getName())
                .withImage(written.getImage())
                .withImagePullPolicy(written.getImagePullPolicy())
                .withCommand(written.getCommand())
                .withArgs(written.getArgs())
                .withWorkingDir(written.getWorkingDir())
                .withEnv(written.getEnv())
                .withEnvFrom(written.getEnvFrom())
                .withVolumeMounts(written.getVolumeMounts())
                .withVolumeDevices(written.getVolumeDevices())
                .withSecurityContext(written.getSecurityContext())
                .withStdin(written.getStdin())
                .withStdinOnce(written.getStdinOnce())
                .withTty(written.getTty())
                .withTerminationMessagePath(written.getTerminationMessagePath())
                .withTerminationMessagePolicy(written.getTerminationMessagePolicy())
                .build();
    }
}
