package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.apparmor.ProfileChoice;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.ContainerConfig.Security;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Merges a pod's and a container's securityContext; the container's wins (Kubernetes: "Configure a Security Context"). */
final class SecurityContexts {
    /** What a process keeps when nothing is said: the set that Docker made customary. */
    private static final List<String> DEFAULT_CAPABILITIES = List.of(
            "CAP_AUDIT_WRITE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_MKNOD",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");

    private static final String ALL = "ALL";

    private SecurityContexts() {}

    /** @param ownUsers whether the pod has users of its own */
    static Security of(DesiredPod pod, Container container, Profiles profiles, boolean ownUsers) {
        Optional<SecurityContext> own = Optional.ofNullable(container.getSecurityContext());
        boolean privileged = flag(own, SecurityContext::getPrivileged).orElse(false);
        Optional<List<String>> capabilities =
                own.map(SecurityContext::getCapabilities).map(SecurityContexts::capabilities);
        // Safe unless the spec asks otherwise: no_new_privs is on where Kubernetes' own default leaves it off.
        boolean escalation =
                flag(own, SecurityContext::getAllowPrivilegeEscalation).orElse(privileged);
        return new Security(
                privileged,
                escalation || privileged,
                flag(own, SecurityContext::getReadOnlyRootFilesystem).orElse(false),
                privileged ? new Seccomp.Unconfined() : seccomp(pod, own, profiles.seccomp()),
                capabilities,
                unmaskedProc(container, own, ownUsers),
                podContext(pod)
                        .map(PodSecurityContext::getSupplementalGroupsPolicy)
                        .filter("Strict"::equals)
                        .isPresent(),
                profiles.appArmor().profile(ProfileChoice.of(pod.object(), container), privileged));
    }

    /** With the host's users, what is masked would be the host's to read and write. */
    private static boolean unmaskedProc(Container container, Optional<SecurityContext> own, boolean ownUsers) {
        boolean unmasked = own.map(SecurityContext::getProcMount)
                .filter("Unmasked"::equals)
                .isPresent();
        if (unmasked && !ownUsers) {
            throw wrong("container \"%s\": procMount Unmasked needs a pod with users of its own (hostUsers: false)"
                    .formatted(container.getName()));
        }
        return unmasked;
    }

    private static List<String> capabilities(Capabilities asked) {
        List<String> drop = asked.getDrop().stream().map(SecurityContexts::name).toList();
        List<String> add = asked.getAdd().stream().map(SecurityContexts::name).toList();
        TreeSet<String> kept = new TreeSet<>(drop.contains(ALL) ? List.of() : DEFAULT_CAPABILITIES);
        kept.addAll(add.contains(ALL) ? CapabilityNames.ALL : add);
        drop.stream().filter(name -> !add.contains(name)).forEach(kept::remove);
        return List.copyOf(kept);
    }

    private static String name(String written) {
        String upper = written.toUpperCase(Locale.ROOT);
        return upper.equals(ALL) || upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    }

    private static Seccomp seccomp(DesiredPod pod, Optional<SecurityContext> own, SeccompFiles profiles) {
        Optional<SeccompProfile> profile = own.map(SecurityContext::getSeccompProfile)
                .or(() -> podContext(pod).map(PodSecurityContext::getSeccompProfile));
        String type = profile.map(SeccompProfile::getType).orElse("RuntimeDefault");
        return switch (type) {
            case "Unconfined" -> new Seccomp.Unconfined();
            case "RuntimeDefault" -> new Seccomp.Default();
            case "Localhost" ->
                profiles.read(Objects.requireNonNullElse(profile.get().getLocalhostProfile(), ""));
            default ->
                throw wrong("seccompProfile type \"%s\" is not known; use RuntimeDefault, Localhost or Unconfined"
                        .formatted(type));
        };
    }

    /** {@code user[:group]} for the engine, which looks names up in the container's own passwd file. */
    static String user(DesiredPod pod, Container container, String imageUser) {
        Optional<Long> uid = number(pod, container, SecurityContext::getRunAsUser, PodSecurityContext::getRunAsUser);
        Optional<Long> gid = number(pod, container, SecurityContext::getRunAsGroup, PodSecurityContext::getRunAsGroup);
        String user = uid.map(String::valueOf).orElse(imageUser);
        if (mustNotBeRoot(pod, container)) {
            refuseRoot(container, user, uid.isPresent());
        }
        if (gid.isEmpty()) {
            return user;
        }
        String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
        return (name.isEmpty() ? "0" : name) + ":" + gid.get();
    }

    private static void refuseRoot(Container container, String user, boolean fromSpec) {
        String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
        boolean numeric = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
        if (name.isEmpty() || (numeric && Long.parseLong(name) == 0)) {
            throw wrong("container has runAsNonRoot and %s will run as root (container: %s): set runAsUser"
                    .formatted(
                            fromSpec ? "container's runAsUser breaks non-root policy:" : "image", container.getName()));
        }
        if (!numeric) {
            throw wrong(("container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is "
                            + "non-root (container: %s): set runAsUser")
                    .formatted(name, container.getName()));
        }
    }

    private static boolean mustNotBeRoot(DesiredPod pod, Container container) {
        return flag(Optional.ofNullable(container.getSecurityContext()), SecurityContext::getRunAsNonRoot)
                .or(() -> podContext(pod).map(PodSecurityContext::getRunAsNonRoot))
                .orElse(false);
    }

    static List<Integer> supplementalGroups(DesiredPod pod) {
        List<Integer> groups = new ArrayList<>();
        podContext(pod).ifPresent(context -> {
            context.getSupplementalGroups().forEach(group -> groups.add(group.intValue()));
            Optional.ofNullable(context.getFsGroup()).ifPresent(group -> groups.add(group.intValue()));
        });
        return groups;
    }

    static Optional<PodSecurityContext> podContext(DesiredPod pod) {
        return Optional.ofNullable(pod.object().getSpec().getSecurityContext());
    }

    private static Optional<Long> number(
            DesiredPod pod,
            Container container,
            Function<SecurityContext, Long> own,
            Function<PodSecurityContext, Long> podWide) {
        return Optional.ofNullable(container.getSecurityContext()).map(own).or(() -> podContext(pod)
                .map(podWide));
    }

    private static Optional<Boolean> flag(Optional<SecurityContext> context, Function<SecurityContext, Boolean> field) {
        return context.map(field);
    }

    private static NodeException wrong(String message) {
        return new NodeException(NodeException.Kind.INVALID, "CreateContainerConfigError", message);
    }
}
