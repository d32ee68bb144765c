package dev.keelson.node.pod.plan;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sysctls beyond Kubernetes' safe set that a node's owner lets pods set, and which namespace holds a sysctl.
 *
 * @param patterns names ({@code kernel.msgmax}), or beginnings of names with a star ({@code net.core.*})
 * @see <a href="https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#enabling-unsafe-sysctls">Enabling Unsafe
 *     Sysctls</a>
 */
public record UnsafeSysctls(List<String> patterns) {
    public static final UnsafeSysctls NONE = new UnsafeSysctls(List.of());

    private static final Pattern NAME =
            Pattern.compile("([a-z0-9][-_a-z0-9]*[./])*[a-z0-9][-_a-z0-9]*\\*?|([a-z0-9][-_a-z0-9]*[./])+\\*");
    /** Beginnings of names that the ipc namespace holds, as the kubelet knows them. */
    private static final List<String> IPC = List.of("kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue.");

    /** What holds the value of a sysctl, so that a pod can have its own. */
    enum Namespace {
        NET,
        IPC
    }

    public UnsafeSysctls {
        patterns = patterns.stream().map(UnsafeSysctls::dotted).toList();
    }

    /** What is wrong with patterns that somebody wrote; empty when nothing is. */
    public static List<String> problems(List<String> patterns) {
        return patterns.stream()
                .map(UnsafeSysctls::problem)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> problem(String pattern) {
        if (!NAME.matcher(pattern).matches()) {
            return Optional.of(
                    "\"%s\" is no name of a sysctl; write one such as kernel.msgmax or net.core.*".formatted(pattern));
        }
        return namespace(dotted(pattern)).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "\"%s\" would reach beyond the pod: the kernel has one value of it for the whole machine; possible are %s and net."
                                .formatted(pattern, String.join(", ", IPC)));
    }

    boolean allow(String name) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                        : name.equals(pattern));
    }

    /** @param name with dots; empty when it has no namespace */
    static Optional<Namespace> namespace(String name) {
        if (name.startsWith("net.")) {
            return Optional.of(Namespace.NET);
        }
        return IPC.stream().anyMatch(name::startsWith) ? Optional.of(Namespace.IPC) : Optional.empty();
    }

    static String dotted(String name) {
        return name.replace('/', '.');
    }
}
