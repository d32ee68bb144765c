package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.pod.plan.PodAdmission;
import dev.keelson.node.pod.plan.UnsafeSysctls;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodAdmissionTest {

    private static String refusal(PodBuilder pod) {
        return refusal(pod, "kernel.msgmax", "net.core.*");
    }

    private static String refusal(PodBuilder pod, String... unsafe) {
        return new PodAdmission(new UnsafeSysctls(List.of(unsafe)), false)
                .refusal(Pods.desired(pod))
                .map(refusal -> refusal.reason() + ": " + refusal.message())
                .orElse("");
    }

    private static PodBuilder sysctl(String name) {
        return Pods.pod()
                .editSpec()
                .withNewSecurityContext()
                .withSysctls(new Sysctl(name, "1"))
                .endSecurityContext()
                .endSpec();
    }

    @Test
    void podsForAnotherOperatingSystemAreRefused() {
        assertThat(refusal(Pods.pod().editSpec().withNewOs("windows").endSpec()))
                .isEqualTo("PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS");
        assertThat(refusal(Pods.pod().editSpec().withNewOs("linux").endSpec())).isEmpty();
    }

    @Test
    void sysctlsOfThePodsOwnNamespacesAreTaken() {
        assertThat(refusal(Pods.pod())).isEmpty();
        assertThat(refusal(sysctl("net.ipv4.tcp_syncookies"))).isEmpty();
        assertThat(refusal(sysctl("net/ipv4/tcp_syncookies"))).isEmpty();
        assertThat(refusal(sysctl("kernel.shm_rmid_forced"))).isEmpty();
    }

    @Test
    void othersAreRefusedByName() {
        assertThat(refusal(sysctl("vm.swappiness")))
                .isEqualTo("SysctlForbidden: Pod was rejected: forbidden sysctl: \"vm.swappiness\" not allowlisted");
        assertThat(refusal(sysctl("net.ipv4.tcp_rmem")
                        .editSpec()
                        .withHostNetwork(true)
                        .endSpec()))
                .contains("not allowed with host net enabled");
        assertThat(refusal(sysctl("kernel.shm_rmid_forced")
                        .editSpec()
                        .withHostIPC(true)
                        .endSpec()))
                .contains("not allowed with host ipc enabled");
    }

    @Test
    void theNodesOwnerMayAllowMore() {
        assertThat(refusal(sysctl("kernel.msgmax"))).isEmpty();
        assertThat(refusal(sysctl("net/core/somaxconn"))).isEmpty();
        assertThat(refusal(sysctl("kernel.msgmnb"))).contains("\"kernel.msgmnb\" not allowlisted");
        assertThat(refusal(sysctl("net.core"))).contains("not allowlisted");
        assertThat(refusal(sysctl("kernel.msgmax").editSpec().withHostIPC(true).endSpec()))
                .contains("not allowed with host ipc enabled");
        assertThat(refusal(
                        sysctl("kernel.msgmax").editSpec().withHostNetwork(true).endSpec()))
                .isEmpty();
    }

    @Test
    void onlyWhatANamespaceHoldsCanBeAllowed() {
        assertThat(UnsafeSysctls.problems(List.of("net.*", "kernel.shm*", "kernel/msgmax", "fs.mqueue.msg_max")))
                .isEmpty();
        assertThat(UnsafeSysctls.problems(List.of("vm.swappiness", "kernel.*", "*", "../x")))
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("\"vm.swappiness\" would reach beyond the pod"),
                        problem -> assertThat(problem).contains("\"kernel.*\" would reach beyond the pod"),
                        problem -> assertThat(problem).contains("\"*\" "),
                        problem -> assertThat(problem).contains("\"../x\" is no name of a sysctl"));
    }

    @Test
    void seLinuxOptionsAreNotPassedOverInSilence() {
        PodBuilder labelled = Pods.pod()
                .editSpec()
                .withNewSecurityContext()
                .withNewSeLinuxOptions("s0:c1", "", "", "")
                .endSecurityContext()
                .endSpec();
        PodWorld world = new PodWorld(labelled);
        world.settle();
        world.killAgent();
        world.settle();
        assertThat(world.events.stream()
                        .filter(event -> event.startsWith("SELinuxIgnored seLinuxOptions have no effect")))
                .hasSize(1);
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void appArmorProfilesAreRefusedWhereTheKernelHasNone() {
        assertThat(refusal(armored("RuntimeDefault")))
                .startsWith("AppArmor: Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host");
        assertThat(refusal(armored("Unconfined"))).isEmpty();
        assertThat(refusal(annotated("localhost/mine"))).contains("type Localhost is asked for");
        assertThat(refusal(annotated("unconfined"))).isEmpty();
        assertThat(new PodAdmission(UnsafeSysctls.NONE, true).refusal(Pods.desired(armored("RuntimeDefault"))))
                .as("whether a profile is there is seen when the container is made")
                .isEmpty();
    }

    @Test
    void debuggingAPodDoesNotEndIt() {
        assertThat(refusal(Pods.pod()
                        .editSpec()
                        .addNewEphemeralContainer()
                        .withName("debug")
                        .withImage(Pods.IMAGE)
                        .withNewSecurityContext()
                        .withNewAppArmorProfile("mine", "Localhost")
                        .endSecurityContext()
                        .endEphemeralContainer()
                        .endSpec()))
                .isEmpty();
    }

    private static PodBuilder armored(String type) {
        return Pods.pod()
                .editSpec()
                .withNewSecurityContext()
                .withNewAppArmorProfile("", type)
                .endSecurityContext()
                .endSpec();
    }

    private static PodBuilder annotated(String value) {
        return Pods.pod()
                .editMetadata()
                .addToAnnotations("container.apparmor.security.beta.kubernetes.io/app", value)
                .endMetadata();
    }
}
