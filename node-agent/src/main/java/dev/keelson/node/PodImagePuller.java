package dev.keelson.node;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.registry.DockerConfig;
import dev.keelson.node.objects.ReferencedObjects;
import dev.keelson.node.pod.PodImages;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.volume.VolumeImages;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Pulls a pod's images with the credentials of its {@code imagePullSecrets}. */
final class PodImagePuller implements PodImages, VolumeImages {
    private static final Logger LOG = System.getLogger(PodImagePuller.class.getName());

    private final ImageService images;
    private final ReferencedObjects objects;

    PodImagePuller(ImageService images, ReferencedObjects objects) {
        this.images = images;
        this.objects = objects;
    }

    @Override
    public Optional<Image> present(String reference) {
        try {
            return images.imageStatus(reference);
        } catch (NodeException unreadable) {
            return Optional.empty(); // Pulling it says what is wrong with the name.
        }
    }

    @Override
    public Image pull(DesiredPod pod, String reference, Consumer<PullProgress> progress) {
        return images.pullImage(reference, credentials(pod), progress);
    }

    private List<RegistryAuth> credentials(DesiredPod pod) {
        List<RegistryAuth> credentials = new ArrayList<>();
        for (LocalObjectReference reference : pod.object().getSpec().getImagePullSecrets()) {
            if (Objects.requireNonNullElse(reference.getName(), "").isEmpty()) {
                continue;
            }
            // As the kubelet: a secret that is missing or unreadable is passed over, the image may be public.
            objects.secret(pod.uid(), pod.namespace(), reference.getName())
                    .ifPresent(secret -> credentials.addAll(read(pod, secret)));
        }
        return credentials;
    }

    private static List<RegistryAuth> read(DesiredPod pod, Secret secret) {
        Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
        try {
            if (data.containsKey(".dockerconfigjson")) {
                return DockerConfig.parse(decode(data.get(".dockerconfigjson")));
            }
            return data.containsKey(".dockercfg")
                    ? DockerConfig.parseLegacy(decode(data.get(".dockercfg")))
                    : List.of();
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.log(
                    Level.WARNING,
                    "imagePullSecret unreadable pod={0} secret={1} reason=\"{2}\"",
                    pod.key(),
                    secret.getMetadata().getName(),
                    unreadable.getMessage());
            return List.of();
        }
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder().decode(text.strip());
    }
}
