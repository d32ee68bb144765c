package dev.keelson.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodFilesTest {
    private static final String HOST = "nameserver 1.1.1.1\nsearch corp.example\noptions timeout:1\n";
    private final PodFiles files = new PodFiles("cluster.local");

    @Test
    void clusterNamesComeFirst() {
        assertThat(files.resolvConf(Pods.desired(Pods.pod()), "10.0.0.1", HOST)).isEqualTo("""
                search shop.svc.cluster.local svc.cluster.local cluster.local
                nameserver 10.0.0.1
                options ndots:5
                """);
    }

    @Test
    void defaultPolicyIsTheHosts() {
        assertThat(files.resolvConf(withPolicy("Default"), "10.0.0.1", HOST))
                .isEqualTo("search corp.example\nnameserver 1.1.1.1\noptions timeout:1\n");
    }

    @Test
    void noneTakesOnlyWhatTheSpecSays() {
        DesiredPod pod = Pods.desired(Pods.pod()
                .editSpec()
                .withDnsPolicy("None")
                .withNewDnsConfig()
                .withNameservers("9.9.9.9")
                .withSearches("a.example")
                .addNewOption("ndots", "2")
                .addNewOption("edns0", null)
                .endDnsConfig()
                .endSpec());
        assertThat(files.resolvConf(pod, "10.0.0.1", HOST))
                .isEqualTo("search a.example\nnameserver 9.9.9.9\noptions ndots:2 edns0\n");
    }

    @Test
    void hostsNameThePodAndItsAliases() {
        DesiredPod pod = Pods.desired(Pods.pod()
                .editSpec()
                .withSubdomain("sub")
                .addNewHostAlias()
                .withIp("1.2.3.4")
                .withHostnames("x", "y")
                .endHostAlias()
                .endSpec());
        assertThat(files.hosts(pod, List.of("10.0.0.2"), ""))
                .contains("127.0.0.1\tlocalhost\n")
                .contains("10.0.0.2\tweb.sub.shop.svc.cluster.local\tweb\n")
                .contains("1.2.3.4\tx\ty\n")
                .startsWith("# Kubernetes-managed hosts file.\n");
        DesiredPod onHost = Pods.desired(Pods.pod()
                .editSpec()
                .withHostNetwork(true)
                .addNewHostAlias()
                .withIp("1.2.3.4")
                .withHostnames("x")
                .endHostAlias()
                .endSpec());
        assertThat(files.hosts(onHost, List.of("192.0.2.1"), "192.0.2.9\tpeer\n"))
                .isEqualTo("# Kubernetes-managed hosts file (host network).\n192.0.2.9\tpeer\n1.2.3.4\tx\n");
    }

    @Test
    void kernelIsToldTheFullNameOnlyWhenAskedTo() {
        var named = Pods.pod().editSpec().withHostname("front").withSubdomain("shops");
        assertThat(files.hostname(Pods.desired(named.endSpec()))).isEqualTo("front\n");
        DesiredPod full = Pods.desired(Pods.pod()
                .editSpec()
                .withHostname("front")
                .withSubdomain("shops")
                .withSetHostnameAsFQDN(true)
                .endSpec());
        assertThat(files.hostname(full)).isEqualTo("front.shops.shop.svc.cluster.local\n");
        DesiredPod tooLong = Pods.desired(Pods.pod()
                .editSpec()
                .withHostname("f".repeat(50))
                .withSubdomain("shops")
                .withSetHostnameAsFQDN(true)
                .endSpec());
        assertThatThrownBy(() -> files.hostname(tooLong))
                .hasMessageContaining("too long (79 characters, 64 is the maximum)");
    }

    private static DesiredPod withPolicy(String policy) {
        return Pods.desired(Pods.pod().editSpec().withDnsPolicy(policy).endSpec());
    }
}
