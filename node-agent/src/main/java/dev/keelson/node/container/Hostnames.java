package dev.keelson.node.container;

import dev.keelson.node.pod.DesiredPod;
import java.util.Optional;

/** What a pod is called inside (Kubernetes: "Pod's hostname and subdomain fields"). */
public final class Hostnames {
    private static final int LONGEST = 63;

    private Hostnames() {}

    /** The short name: {@code spec.hostname}, else the pod's name cut to what the kernel's field for it holds. */
    public static String hostname(DesiredPod pod) {
        String wanted = Optional.ofNullable(pod.object().getSpec().getHostname())
                .filter(name -> !name.isEmpty())
                .orElse(pod.name());
        return wanted.length() <= LONGEST
                ? wanted
                : wanted.substring(0, LONGEST).replaceAll("[-.]+$", "");
    }

    /** The full name below the cluster's domain when a subdomain is set; else empty. */
    public static Optional<String> fullName(DesiredPod pod, String clusterDomain) {
        return Optional.ofNullable(pod.object().getSpec().getSubdomain())
                .filter(subdomain -> !subdomain.isEmpty())
                .map(subdomain ->
                        "%s.%s.%s.svc.%s".formatted(hostname(pod), subdomain, pod.namespace(), clusterDomain));
    }
}
