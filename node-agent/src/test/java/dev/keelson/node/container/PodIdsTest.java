package dev.keelson.node.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodIdsTest {
    private static final PodSandbox OWN_USERS = sandbox(131_072);
    private static final PodSandbox HOST_USERS = sandbox(0);

    @Test
    void idsBeyondThePodsOwnAreNamed() {
        Container user = new ContainerBuilder(Pods.container("app"))
                .withNewSecurityContext()
                .withRunAsUser(65_536L)
                .endSecurityContext()
                .build();
        assertThatThrownBy(() -> PodIds.check(Pods.desired(Pods.pod()), user, OWN_USERS))
                .hasMessage(
                        "runAsUser 65536 is none of the pod's own ids, 0 to 65535; use one of them, or hostUsers: true");
        DesiredPod group = pod(new PodSecurityContextBuilder()
                .withSupplementalGroups(7L, 70_000L)
                .build());
        assertThatThrownBy(() -> PodIds.check(group, Pods.container("app"), OWN_USERS))
                .hasMessageContaining("supplementalGroups 70000 is none");
        DesiredPod volumes =
                pod(new PodSecurityContextBuilder().withFsGroup(2_000_000_000L).build());
        assertThat(PodIds.wrongFsGroup(volumes, OWN_USERS).orElseThrow()).startsWith("fsGroup 2000000000 is none");
    }

    @Test
    void theLastOfThePodsIdsAndAllOfTheHostsAreTaken() {
        DesiredPod last = pod(new PodSecurityContextBuilder()
                .withRunAsUser(65_535L)
                .withRunAsGroup(65_535L)
                .withFsGroup(65_535L)
                .build());
        assertThatCode(() -> PodIds.check(last, Pods.container("app"), OWN_USERS))
                .doesNotThrowAnyException();
        DesiredPod host = pod(new PodSecurityContextBuilder()
                .withRunAsUser(2_000_000_000L)
                .withFsGroup(2_000_000_000L)
                .build());
        assertThatCode(() -> PodIds.check(host, Pods.container("app"), HOST_USERS))
                .doesNotThrowAnyException();
        assertThat(PodIds.wrongFsGroup(host, HOST_USERS)).isEmpty();
    }

    private static DesiredPod pod(PodSecurityContext context) {
        return Pods.desired(Pods.pod().editSpec().withSecurityContext(context).endSpec());
    }

    private static PodSandbox sandbox(int rootUid) {
        return new PodSandbox(
                Pods.UID, "shop", "web", PodSandbox.State.READY, Path.of("/ns"), rootUid, 65_536, Instant.EPOCH);
    }
}
