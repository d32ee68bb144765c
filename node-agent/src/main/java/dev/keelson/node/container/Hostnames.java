package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.Optional;

/** What a pod is called inside (Kubernetes: "Pod's hostname and subdomain fields"). */
public final class Hostnames {
    private static final int LONGEST = 63;
    private static final int LONGEST_OF_KERNEL = 64;

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

    /** What the pod's kernel is told: the short name, or the full one with {@code setHostnameAsFQDN}. */
    public static String ofKernel(DesiredPod pod, String clusterDomain) {
        boolean full = Boolean.TRUE.equals(pod.object().getSpec().getSetHostnameAsFQDN());
        String name = full ? fullName(pod, clusterDomain).orElse(hostname(pod)) : hostname(pod);
        if (name.length() > LONGEST_OF_KERNEL) {
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "FailedCreatePodSandBox",
                    "FQDN %s is too long (%d characters, %d is the maximum): shorten hostname or subdomain, or leave out setHostnameAsFQDN"
                            .formatted(name, name.length(), LONGEST_OF_KERNEL));
        }
        return name;
    }

    /** The full name below the cluster's domain when a subdomain is set; else empty. */
    public static Optional<String> fullName(DesiredPod pod, String clusterDomain) {
        return Optional.ofNullable(pod.object().getSpec().getSubdomain())
                .filter(subdomain -> !subdomain.isEmpty())
                .map(subdomain ->
                        "%s.%s.%s.svc.%s".formatted(hostname(pod), subdomain, pod.namespace(), clusterDomain));
    }
}
