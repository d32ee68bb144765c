package dev.keelson.node.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.apparmor.AppArmor;
import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.ContainerConfig.Security;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityContextsTest {
    private final DesiredPod pod = Pods.desired(Pods.pod()
            .editSpec()
            .withNewSecurityContext()
            .withRunAsUser(1000L)
            .withRunAsNonRoot(true)
            .endSecurityContext()
            .endSpec());

    @TempDir
    Path directory;

    private Security of(DesiredPod desired, Container container) {
        return SecurityContexts.of(desired, container, profiles(), true);
    }

    private Profiles profiles() {
        return new Profiles(new SeccompFiles(directory), AppArmor.none());
    }

    @Test
    void safeByDefault() {
        Security security = of(Pods.desired(Pods.pod()), Pods.container("app"));
        assertThat(security.allowPrivilegeEscalation()).isFalse();
        assertThat(security.privileged()).isFalse();
        assertThat(security.seccomp()).isInstanceOf(Seccomp.Default.class);
        assertThat(security.unmaskedProc()).isFalse();
        assertThat(security.capabilities()).isEmpty();
    }

    @Test
    void containerWinsOverPod() {
        Container own = new ContainerBuilder(Pods.container("app"))
                .withNewSecurityContext()
                .withRunAsUser(2000L)
                .withRunAsGroup(3000L)
                .endSecurityContext()
                .build();
        assertThat(SecurityContexts.user(pod, Pods.container("app"), "web")).isEqualTo("1000");
        assertThat(SecurityContexts.user(pod, own, "web")).isEqualTo("2000:3000");
    }

    @Test
    void nonRootIsHeld() {
        DesiredPod strict = Pods.desired(Pods.pod()
                .editSpec()
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .endSecurityContext()
                .endSpec());
        Container app = Pods.container("app");
        assertThatThrownBy(() -> SecurityContexts.user(strict, app, "")).hasMessageContaining("will run as root");
        assertThatThrownBy(() -> SecurityContexts.user(strict, app, "0:5")).hasMessageContaining("will run as root");
        assertThatThrownBy(() -> SecurityContexts.user(strict, app, "web")).hasMessageContaining("non-numeric user");
        assertThat(SecurityContexts.user(strict, app, "65532")).isEqualTo("65532");
    }

    @Test
    void capabilitiesAreDroppedThenAdded() {
        Container app = new ContainerBuilder(Pods.container("app"))
                .withNewSecurityContext()
                .withNewCapabilities()
                .withDrop("ALL")
                .withAdd("NET_BIND_SERVICE", "CAP_SYS_TIME")
                .endCapabilities()
                .endSecurityContext()
                .build();
        assertThat(of(pod, app).capabilities().orElseThrow()).containsExactly("CAP_NET_BIND_SERVICE", "CAP_SYS_TIME");
    }

    @Test
    void localhostProfilesAreFilesBelowTheirDirectory() throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("web")).resolve("strict.json"), "{}");
        assertThat(of(pod, profiled("web/strict.json")).seccomp())
                .isInstanceOfSatisfying(Seccomp.Profile.class, profile -> assertThat(profile.json())
                        .isEqualTo("{}".getBytes(StandardCharsets.UTF_8)));
        for (String outside : List.of("../x", "/etc/passwd", "")) {
            assertThatThrownBy(() -> of(pod, profiled(outside))).hasMessageContaining("must be a path below");
        }
        assertThatThrownBy(() -> of(pod, profiled("none.json"))).hasMessageContaining("cannot read seccomp profile");
    }

    private static Container profiled(String profile) {
        return new ContainerBuilder(Pods.container("app"))
                .withNewSecurityContext()
                .withNewSeccompProfile(profile, "Localhost")
                .endSecurityContext()
                .build();
    }

    @Test
    void unmaskedProcNeedsUsersOfThePodsOwn() {
        Container app = new ContainerBuilder(Pods.container("app"))
                .withNewSecurityContext()
                .withProcMount("Unmasked")
                .endSecurityContext()
                .build();
        assertThat(of(pod, app).unmaskedProc()).isTrue();
        assertThatThrownBy(() -> SecurityContexts.of(pod, app, profiles(), false))
                .hasMessageContaining("hostUsers: false");
    }
}
