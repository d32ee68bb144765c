package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;

/** Defaults of pod specs, in pods and in templates (Kubernetes' core/v1 {@code defaults.go}). */
public final class PodDefaults {
    private PodDefaults() {}

    /** Completes the spec of a pod or of a template. */
    public static void apply(ObjectNode spec) {
        Tree.setDefault(spec, "restartPolicy", "Always");
        Tree.setDefault(spec, "dnsPolicy", "ClusterFirst");
        Tree.setDefault(spec, "schedulerName", "default-scheduler");
        Tree.setDefault(spec, "terminationGracePeriodSeconds", 30);
        Tree.child(spec, "securityContext");
        keepOldServiceAccountField(spec);
        for (String list : java.util.List.of("initContainers", "containers", "ephemeralContainers")) {
            Tree.objects(spec, list).forEach(ContainerDefaults::apply);
        }
        Tree.objects(spec, "volumes").forEach(VolumeDefaults::apply);
    }

    /** What only pods get, not templates: requests follow limits, links to services are on, ports are the host's. */
    public static void applyToPod(ObjectNode spec) {
        Tree.setDefault(spec, "enableServiceLinks", true);
        if (Tree.isTrue(spec, "hostNetwork")) {
            Tree.objects(spec, "initContainers").forEach(ContainerDefaults::openOnTheHost);
            Tree.objects(spec, "containers").forEach(ContainerDefaults::openOnTheHost);
        }
        Tree.objects(spec, "initContainers").forEach(ContainerDefaults::requestWhatIsLimited);
        Tree.objects(spec, "containers").forEach(ContainerDefaults::requestWhatIsLimited);
        PodResources.applyDefaults(spec);
    }

    /** The deprecated serviceAccount always says the same as serviceAccountName. */
    private static void keepOldServiceAccountField(ObjectNode spec) {
        if (Tree.has(spec, "serviceAccountName")) {
            spec.put("serviceAccount", Tree.text(spec, "serviceAccountName"));
        } else if (Tree.has(spec, "serviceAccount")) {
            spec.put("serviceAccountName", Tree.text(spec, "serviceAccount"));
        }
    }
}
