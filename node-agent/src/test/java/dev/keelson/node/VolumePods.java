package dev.keelson.node;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.util.Map;

/** Makes pods with volumes for tests. */
record VolumePods(NodeFixture node) {

    PodBuilder pod(String name, ContainerBuilder container, Volume... volumes) {
        return node.pod(name, container.build()).editSpec().withVolumes(volumes).endSpec();
    }

    void configMap(String name, Map<String, String> data) {
        node.api.create(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .addToData(data)
                        .build());
    }

    static PodBuilder withFsGroup(PodBuilder pod) {
        return pod.editSpec()
                .withNewSecurityContext()
                .withRunAsUser(1000L)
                .withFsGroup(7000L)
                .withSupplementalGroups(4000L)
                .endSecurityContext()
                .endSpec();
    }

    /** Mounts each volume on {@code /v/NAME}. */
    static ContainerBuilder mounted(ContainerBuilder container, String... volumes) {
        for (String volume : volumes) {
            container.addToVolumeMounts(new VolumeMountBuilder()
                    .withName(volume)
                    .withMountPath("/v/" + volume)
                    .build());
        }
        return container;
    }

    static Volume empty(String name, String medium, String limit) {
        return new VolumeBuilder()
                .withName(name)
                .withEmptyDir(new EmptyDirVolumeSource(medium, limit.isEmpty() ? null : new Quantity(limit)))
                .build();
    }

    static Volume hostPath(String name, Path path, String type) {
        return new VolumeBuilder()
                .withName(name)
                .withNewHostPath(path.toString(), type)
                .build();
    }

    static Volume image(String name, String reference) {
        return new VolumeBuilder()
                .withName(name)
                .withNewImage("Never", reference)
                .build();
    }

    /** All keys of a ConfigMap as files. */
    static Volume configMapVolume(String name, String configMap) {
        return new VolumeBuilder()
                .withName(name)
                .withNewConfigMap()
                .withName(configMap)
                .endConfigMap()
                .build();
    }
}
