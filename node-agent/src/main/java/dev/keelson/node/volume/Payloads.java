package dev.keelson.node.volume;

import dev.keelson.crds.client.TokenRequest;
import dev.keelson.node.container.FieldRefs;
import dev.keelson.node.container.ResourceFields;
import dev.keelson.node.objects.ReferencedObjects;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Works out the files of configMap, secret, downwardAPI and projected volumes.
 *
 * @param hostIp address of the node
 * @param allocatable what the node offers to pods, for limits that a container does not set
 */
record Payloads(ReferencedObjects objects, String hostIp, Map<String, Quantity> allocatable) {
    private static final int DEFAULT_MODE = 0644;

    static boolean handles(Volume volume) {
        return volume.getConfigMap() != null
                || volume.getSecret() != null
                || volume.getDownwardAPI() != null
                || volume.getProjected() != null;
    }

    Payload of(DesiredPod pod, Volume volume, List<String> podIps, Ownership owner) {
        Files files = new Files(pod, podIps, owner);
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            files.configMap(source.getName(), source.getItems(), source.getOptional(), mode(source.getDefaultMode()));
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            files.secret(
                    source.getSecretName(), source.getItems(), source.getOptional(), mode(source.getDefaultMode()));
        } else if (volume.getDownwardAPI() != null) {
            var source = volume.getDownwardAPI();
            source.getItems().forEach(item -> files.field(item, mode(source.getDefaultMode())));
        } else {
            var source = volume.getProjected();
            source.getSources().forEach(part -> files.projection(part, mode(source.getDefaultMode())));
        }
        return new Payload(files.files);
    }

    /** Begins to get what the volume will need, so that it is there when the volume is set up. */
    void prepare(DesiredPod pod, Volume volume) {
        if (volume.getProjected() == null) {
            return;
        }
        for (VolumeProjection part : volume.getProjected().getSources()) {
            if (part.getServiceAccountToken() != null) {
                objects.token(tokenRequest(pod, part.getServiceAccountToken()));
            } else if (part.getConfigMap() != null) {
                objects.configMap(
                        pod.uid(), pod.namespace(), part.getConfigMap().getName());
            }
        }
    }

    private static TokenRequest tokenRequest(DesiredPod pod, ServiceAccountTokenProjection wanted) {
        return new TokenRequest(
                pod.namespace(),
                Objects.requireNonNullElse(pod.object().getSpec().getServiceAccountName(), "default"),
                Objects.requireNonNullElse(wanted.getAudience(), ""),
                Duration.ofSeconds(Objects.requireNonNullElse(wanted.getExpirationSeconds(), 3600L)),
                pod.object().getMetadata().getName(),
                pod.uid());
    }

    private static int mode(Integer written) {
        return Objects.requireNonNullElse(written, DEFAULT_MODE);
    }

    /** Collects the files of one volume; later sources overwrite earlier ones, as in Kubernetes. */
    private final class Files {
        private final DesiredPod pod;
        private final List<String> podIps;
        private final Ownership owner;
        private final Map<String, Payload.Entry> files = new HashMap<>();

        Files(DesiredPod pod, List<String> podIps, Ownership owner) {
            this.pod = pod;
            this.podIps = podIps;
            this.owner = owner;
        }

        void projection(VolumeProjection part, int mode) {
            if (part.getConfigMap() != null) {
                configMap(
                        part.getConfigMap().getName(),
                        part.getConfigMap().getItems(),
                        part.getConfigMap().getOptional(),
                        mode);
            } else if (part.getSecret() != null) {
                secret(
                        part.getSecret().getName(),
                        part.getSecret().getItems(),
                        part.getSecret().getOptional(),
                        mode);
            } else if (part.getDownwardAPI() != null) {
                part.getDownwardAPI().getItems().forEach(item -> field(item, mode));
            } else if (part.getServiceAccountToken() != null) {
                put(
                        part.getServiceAccountToken().getPath(),
                        objects.token(tokenRequest(pod, part.getServiceAccountToken()))
                                .getBytes(StandardCharsets.UTF_8),
                        mode);
            } else {
                throw new VolumeProblem(
                        "a projected source must be one of configMap, secret, downwardAPI, serviceAccountToken");
            }
        }

        void configMap(String name, List<KeyToPath> items, Boolean optional, int mode) {
            Optional<ConfigMap> found = objects.configMap(pod.uid(), pod.namespace(), name);
            add("configmap", name, found.map(Files::bytes), items, Boolean.TRUE.equals(optional), mode);
        }

        void secret(String name, List<KeyToPath> items, Boolean optional, int mode) {
            Optional<Secret> found = objects.secret(pod.uid(), pod.namespace(), name);
            Optional<Map<String, byte[]>> data =
                    found.map(secret -> decode(Objects.requireNonNullElse(secret.getData(), Map.of())));
            add("secret", name, data, items, Boolean.TRUE.equals(optional), mode);
        }

        private static Map<String, byte[]> bytes(ConfigMap map) {
            Map<String, byte[]> data = decode(Objects.requireNonNullElse(map.getBinaryData(), Map.of()));
            Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
                    .forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
            return data;
        }

        private static Map<String, byte[]> decode(Map<String, String> encoded) {
            Map<String, byte[]> data = new HashMap<>();
            encoded.forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
            return data;
        }

        private void add(
                String kind,
                String name,
                Optional<Map<String, byte[]>> data,
                List<KeyToPath> items,
                boolean optional,
                int mode) {
            if (data.isEmpty() && !optional) {
                throw new VolumeProblem("%s \"%s\" not found".formatted(kind, name), false);
            }
            Map<String, byte[]> found = data.orElse(Map.of());
            if (items.isEmpty()) {
                found.forEach((key, content) -> put(key, content, mode));
            }
            for (KeyToPath item : items) {
                byte[] content = found.get(item.getKey());
                if (content == null && !optional) {
                    throw new VolumeProblem(
                            "%s \"%s\" has no key \"%s\"; it has %s"
                                    .formatted(
                                            kind,
                                            name,
                                            item.getKey(),
                                            found.keySet().stream().sorted().toList()),
                            false);
                }
                if (content != null) {
                    put(item.getPath(), content, Objects.requireNonNullElse(item.getMode(), mode));
                }
            }
        }

        void field(DownwardAPIVolumeFile item, int mode) {
            String value = item.getFieldRef() != null
                    ? FieldRefs.value(pod, item.getFieldRef().getFieldPath(), podIps, hostIp)
                    : resource(item);
            put(
                    item.getPath(),
                    value.getBytes(StandardCharsets.UTF_8),
                    Objects.requireNonNullElse(item.getMode(), mode));
        }

        private String resource(DownwardAPIVolumeFile item) {
            if (item.getResourceFieldRef() == null) {
                throw new VolumeProblem(
                        "downwardAPI item \"%s\" needs fieldRef or resourceFieldRef".formatted(item.getPath()));
            }
            String name = Objects.requireNonNullElse(item.getResourceFieldRef().getContainerName(), "");
            return pod.container(name)
                    .map(container -> ResourceFields.value(container.spec(), item.getResourceFieldRef(), allocatable))
                    .orElseThrow(() -> new VolumeProblem(
                            "downwardAPI item \"%s\" names container \"%s\", which the pod does not have"
                                    .formatted(item.getPath(), name)));
        }

        private void put(String path, byte[] content, int mode) {
            files.put(path, new Payload.Entry(content, owner.fileMode(mode, false)));
        }
    }
}
