package dev.keelson.node.manifest;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The API server's images of static pods: they are seen and read there, but nothing done to them reaches the pod. */
public final class MirrorPods {
    private static final Logger LOG = System.getLogger(MirrorPods.class.getName());

    private final ApiClient api;
    private final String nodeName;
    private final Map<String, Pod> mirrors = new ConcurrentHashMap<>();

    public MirrorPods(ApiClient api, String nodeName) {
        this.api = api;
        this.nodeName = nodeName;
    }

    public static boolean isMirror(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(StaticPodFile.MIRROR);
    }

    /** Whether it was read from a file: an object of the API cannot know its own uid beforehand. */
    public static boolean isStatic(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations != null && pod.getMetadata().getUid().equals(annotations.get(StaticPodFile.HASH));
    }

    /** A mirror was added in the API or has changed; answers the uid of the static pod when its mirror is a new one. */
    public Optional<String> seen(Pod mirror) {
        Pod before = mirrors.put(key(mirror), mirror);
        boolean same = before != null
                && before.getMetadata().getUid().equals(mirror.getMetadata().getUid());
        return same ? Optional.empty() : Optional.of(hash(mirror));
    }

    public void gone(Pod mirror) {
        mirrors.computeIfPresent(
                key(mirror),
                (_, held) ->
                        held.getMetadata().getUid().equals(mirror.getMetadata().getUid()) ? null : held);
    }

    /** The mirror's uid in the API; empty while there is none of this very pod. */
    public Optional<String> uidOf(Pod pod) {
        return of(pod).map(mirror -> mirror.getMetadata().getUid());
    }

    Optional<Pod> of(Pod pod) {
        return Optional.ofNullable(mirrors.get(key(pod)))
                .filter(mirror -> hash(mirror).equals(pod.getMetadata().getUid()));
    }

    /** Makes the API show these static pods of this node and no others. */
    void reconcile(Map<String, Pod> wanted) {
        for (Pod mirror : mirrors.values()) {
            boolean outdated = !wanted.containsKey(hash(mirror));
            if (outdated || mirror.getMetadata().getDeletionTimestamp() != null) {
                delete(mirror);
            }
        }
        wanted.values().stream().filter(pod -> !mirrors.containsKey(key(pod))).forEach(this::create);
    }

    private void create(Pod pod) {
        try {
            Node node = api.get(ResourceType.NODES, "", nodeName);
            Pod mirror = new PodBuilder(pod)
                    .editMetadata()
                    .withUid(null)
                    .addToAnnotations(StaticPodFile.MIRROR, pod.getMetadata().getUid())
                    .addNewOwnerReference()
                    .withApiVersion("v1")
                    .withKind("Node")
                    .withName(nodeName)
                    .withUid(node.getMetadata().getUid())
                    .withController(true)
                    .endOwnerReference()
                    .endMetadata()
                    .build();
            api.create(ResourceType.PODS, mirror);
        } catch (ApiException refused) {
            Level level = refused.kind() == ApiException.Kind.ALREADY_EXISTS ? Level.DEBUG : Level.WARNING;
            LOG.log(level, "mirror pod not created pod={0} reason=\"{1}\"", key(pod), refused.getMessage());
        }
    }

    private void delete(Pod mirror) {
        try {
            api.delete(
                    ResourceType.PODS,
                    mirror.getMetadata().getNamespace(),
                    mirror.getMetadata().getName(),
                    DeleteOptions.BACKGROUND
                            .withUid(mirror.getMetadata().getUid())
                            .withGracePeriod(Duration.ZERO));
        } catch (ApiException refused) {
            LOG.log(Level.DEBUG, "mirror pod not deleted pod={0} reason=\"{1}\"", key(mirror), refused.getMessage());
        }
    }

    private static String hash(Pod mirror) {
        return mirror.getMetadata().getAnnotations().getOrDefault(StaticPodFile.MIRROR, "");
    }

    private static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}
