package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.node.apparmor.AppArmor;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a securityContext gives and takes, on the real kernel. Needs root. */
class PodSecurityIT {
    @TempDir
    static Path directory;

    private static NodeFixture node;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(directory.resolve("kubelet.yaml"), "allowedUnsafeSysctls: [kernel.msgmnb, net.core.*]\n");
        node = new NodeFixture(directory, "it-security", 25);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void seccompIsOnUnlessItIsTurnedOff() {
        node.create(node.pod(
                "seccomp",
                secured("default", "grep Seccomp: /proc/self/status; mount -t tmpfs x /tmp", c -> c),
                secured("off", "grep Seccomp: /proc/self/status", c -> c.withNewSeccompProfile("", "Unconfined"))));
        node.awaitPhase("seccomp", "Failed");
        assertThat(node.log("seccomp", "default")).contains("Seccomp:\t2", "permission denied");
        assertThat(node.log("seccomp", "off")).isEqualTo("Seccomp:\t0\n");
    }

    @Test
    void profilesOfTheNodeAreInstalled() throws IOException {
        Path profiles = Files.createDirectories(directory.resolve("seccomp/team"));
        Files.writeString(profiles.resolve("no-mkdir.json"), """
                {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28},
                              {"names": ["kill"], "action": "SCMP_ACT_ERRNO", "args":
                                [{"index": 1, "op": "SCMP_CMP_EQ", "value": 10}]}]}""");
        Files.writeString(profiles.resolve("list.json"), """
                {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"action": "SCMP_ACT_ALLOW", "names": [
                  "execve", "exit", "exit_group", "brk", "arch_prctl", "set_tid_address", "set_robust_list", "rseq",
                  "mprotect", "prlimit64", "readlinkat", "readlink", "getrandom", "getuid", "getpid", "getppid",
                  "rt_sigaction", "rt_sigprocmask", "uname", "stat", "newfstatat", "getcwd", "write", "prctl"]}]}""");
        Files.writeString(profiles.resolve("broken.json"), "{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}");
        node.create(node.pod(
                "profiles",
                secured(
                        "some",
                        "mkdir /tmp/x; kill -USR1 1; trap 'echo got USR2' USR2; kill -USR2 $$$$; grep Seccomp: /proc/self/status",
                        c -> c.withNewSeccompProfile("team/no-mkdir.json", "Localhost")),
                secured("list", "echo said; ls /", c -> c.withNewSeccompProfile("team/list.json", "Localhost"))));
        node.awaitPhase("profiles", "Failed");
        assertThat(node.log("profiles", "some"))
                .contains("No space left on device", "Operation not permitted", "got USR2\n", "Seccomp:\t2\n");
        assertThat(node.log("profiles", "list")).startsWith("said\n").doesNotContain("proc");
        waiting("s-none", c -> c.withNewSeccompProfile("none.json", "Localhost"), "cannot read seccomp profile");
        waiting("s-out", c -> c.withNewSeccompProfile("../pki/ca.key", "Localhost"), "must be a path below");
        waiting("s-broken", c -> c.withNewSeccompProfile("team/broken.json", "Localhost"), "SCMP_ACT_NOTIFY");
    }

    @Test
    void capabilitiesAndPrivilegesAreAsAsked() {
        String show = "grep -E 'CapEff|NoNewPrivs' /proc/self/status | cut -f2";
        node.create(node.pod(
                "capabilities",
                secured("plain", show, c -> c),
                secured("escalating", show, c -> c.withAllowPrivilegeEscalation(true)),
                secured("few", show, c -> c.withNewCapabilities()
                        .withDrop("ALL")
                        .withAdd("NET_BIND_SERVICE")
                        .endCapabilities()),
                secured("more", show, c -> c.withNewCapabilities()
                        .withDrop("chown")
                        .withAdd("SYS_TIME")
                        .endCapabilities()),
                secured("all", show, c -> c.withNewCapabilities().withAdd("ALL").endCapabilities())));
        node.awaitPhase("capabilities", "Succeeded");
        assertThat(node.log("capabilities", "plain")).isEqualTo("00000000a80425fb\n1\n");
        assertThat(node.log("capabilities", "escalating")).isEqualTo("00000000a80425fb\n0\n");
        assertThat(node.log("capabilities", "few")).isEqualTo("0000000000000400\n1\n");
        assertThat(node.log("capabilities", "more")).isEqualTo("00000000aa0425fa\n1\n");
        assertThat(node.log("capabilities", "all")).isEqualTo("000001ffffffffff\n1\n");
    }

    @Test
    void privilegedPodsHaveTheHostsUsersAndDevices() {
        node.create(node.pod(
                "privileged",
                secured(
                        "main",
                        "cat /proc/self/uid_map; grep CapEff /proc/self/status; ls /dev/kmsg; mount -t tmpfs x /tmp && echo mounted;"
                                + " grep ' /proc/' /proc/mounts | wc -l; grep Seccomp: /proc/self/status",
                        c -> c.withPrivileged(true))));
        node.awaitPhase("privileged", "Succeeded");
        assertThat(node.log("privileged", "main"))
                .as("all capabilities but those that this machine itself lacks")
                .matches(
                        "(?s)\\s+0\\s+0 4294967295\nCapEff:\t000001ff[0-9a-f]{2}ffffff\n/dev/kmsg\nmounted\n0\nSeccomp:\t0\n");
    }

    @Test
    void usersAreThePodsOwnUnlessTheHostsAreAskedFor() {
        node.create(node.pod("own-users", secured("main", "cat /proc/self/uid_map", c -> c)));
        node.create(node.pod("host-users", secured("main", "cat /proc/self/uid_map", c -> c))
                .editSpec()
                .withHostUsers(true)
                .endSpec());
        node.awaitPhase("own-users", "Succeeded");
        node.awaitPhase("host-users", "Succeeded");
        assertThat(node.log("own-users", "main")).endsWith(" 65536\n");
        assertThat(node.log("host-users", "main")).endsWith(" 4294967295\n");
    }

    @Test
    void rootCanBeRefused() {
        waiting("non-root", c -> c.withRunAsNonRoot(true), "image will run as root");
        waiting("non-root-0", c -> c.withRunAsNonRoot(true).withRunAsUser(0L), "breaks non-root policy");
        node.create(node.pod(
                "user", secured("main", "id -u; id -g; touch /tmp/x && stat -c %u /tmp/x", c -> c.withRunAsNonRoot(true)
                        .withRunAsUser(1000L)
                        .withRunAsGroup(2000L))));
        node.awaitPhase("user", "Succeeded");
        assertThat(node.log("user", "main")).isEqualTo("1000\n2000\n1000\n");
    }

    @Test
    void rootFileSystemAndKernelFilesAreClosedAsAsked() {
        String masks = "grep -c ' /proc/' /proc/mounts; touch /x; echo 1 > /proc/sys/vm/drop_caches";
        node.create(node.pod(
                "files",
                secured("default", masks, c -> c.withReadOnlyRootFilesystem(true)),
                secured("unmasked", masks, c -> c.withProcMount("Unmasked"))));
        node.awaitPhase("files", "Failed");
        assertThat(node.log("files", "default"))
                .matches("(?s)[1-9]\\d*\n.*")
                .contains("/x: Read-only file system", "drop_caches: Read-only");
        assertThat(node.log("files", "unmasked"))
                .startsWith("0\n")
                .doesNotContain("Read-only")
                .as("the kernel itself refuses users of a pod")
                .contains("drop_caches: Permission denied");
    }

    @Test
    void safeSysctlsAreSetAndOthersRefused() {
        node.create(withSysctl(
                node.pod("sysctl", secured("main", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start", c -> c)),
                "net.ipv4.ip_unprivileged_port_start",
                "80"));
        node.awaitPhase("sysctl", "Succeeded");
        assertThat(node.log("sysctl", "main")).isEqualTo("80\n");
        node.create(withSysctl(node.pod("unsafe", secured("main", "true", c -> c)), "kernel.msgmax", "65536"));
        Pod refused = node.awaitPhase("unsafe", "Failed");
        assertThat(refused.getStatus().getReason()).isEqualTo("SysctlForbidden");
        assertThat(refused.getStatus().getMessage()).contains("forbidden sysctl: \"kernel.msgmax\" not allowlisted");
        node.awaitEvent("unsafe", "SysctlForbidden Pod was rejected");
        assertThat(refused.getStatus().getContainerStatuses()).isEmpty();
        node.create(withSysctl(
                node.pod("host-sysctl", secured("main", "true", c -> c))
                        .editSpec()
                        .withHostNetwork(true)
                        .endSpec(),
                "net.ipv4.tcp_syncookies",
                "0"));
        assertThat(node.awaitPhase("host-sysctl", "Failed").getStatus().getMessage())
                .contains("not allowed with host net enabled");
    }

    @Test
    void unsafeSysctlsAreSetWhereTheNodesOwnerAllowsThem() {
        node.create(
                node.pod("allowed", secured("main", "cat /proc/sys/net/core/somaxconn /proc/sys/kernel/msgmnb", c -> c))
                        .editSpec()
                        .withNewSecurityContext()
                        .withSysctls(new Sysctl("net.core.somaxconn", "77"), new Sysctl("kernel.msgmnb", "20000"))
                        .endSecurityContext()
                        .endSpec());
        node.awaitPhase("allowed", "Succeeded");
        assertThat(node.log("allowed", "main")).isEqualTo("77\n20000\n");
    }

    private static PodBuilder withSysctl(PodBuilder pod, String name, String value) {
        return pod.editSpec()
                .withNewSecurityContext()
                .withSysctls(new Sysctl(name, value))
                .endSecurityContext()
                .endSpec();
    }

    @Test
    void appArmorThatNobodyEnforcesIsRefused() {
        assumeThat(AppArmor.detect().enabled())
                .as("the kernel has AppArmor: AppArmorIT")
                .isFalse();
        node.create(node.pod("armor", secured("main", "true", c -> c.withNewAppArmorProfile("mine", "Localhost"))));
        Pod refused = node.awaitPhase("armor", "Failed");
        assertThat(refused.getStatus().getReason()).isEqualTo("AppArmor");
        assertThat(refused.getStatus().getMessage()).contains("Cannot enforce AppArmor");
        node.create(node.pod("no-armor", secured("main", "true", c -> c.withNewAppArmorProfile("", "Unconfined"))));
        node.awaitPhase("no-armor", "Succeeded");
    }

    private static void waiting(String name, UnaryOperator<SecurityContextBuilder> context, String why) {
        node.create(node.pod(name, secured("main", "true", context)));
        node.await(name, "refused with " + why, pod -> Optional.ofNullable(pod.getStatus())
                .flatMap(_ -> NodeFixture.find(pod, "main"))
                .map(status -> status.getState().getWaiting())
                .filter(state -> String.valueOf(state.getMessage()).contains(why))
                .isPresent());
        node.delete(name);
    }

    private static Container secured(String name, String script, UnaryOperator<SecurityContextBuilder> change) {
        SecurityContext context = change.apply(new SecurityContextBuilder()).build();
        return new ContainerBuilder(shell(name, script).build())
                .withSecurityContext(context)
                .build();
    }
}
