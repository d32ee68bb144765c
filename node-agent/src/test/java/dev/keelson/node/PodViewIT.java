package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.NodeFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container is told of its pod, and how it is asked for its health, on the real kernel. Needs root. */
class PodViewIT {
    @TempDir
    static Path directory;

    private static NodeFixture node;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-view", 23);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void environmentComesFromImageObjectsFieldsAndExpansion() {
        node.api.create(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName("palette")
                        .endMetadata()
                        .addToData("color", "red")
                        .build());
        node.api.create(
                ResourceType.SECRETS,
                new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName("door")
                        .endMetadata()
                        .addToData("code", "NDIzMQ==")
                        .build());
        node.create(node.pod(
                        "env",
                        shell("main", "env; echo \"args $0 $1\"")
                                .withArgs("$(GREETING)", "$$(GREETING)")
                                .addNewEnvFrom()
                                .withPrefix("P_")
                                .withNewConfigMapRef("palette", false)
                                .endEnvFrom()
                                .addNewEnvFrom()
                                .withNewSecretRef("nowhere", true)
                                .endEnvFrom()
                                .withEnv(
                                        new EnvVarBuilder()
                                                .withName("CODE")
                                                .withNewValueFrom()
                                                .withNewSecretKeyRef("code", "door", false)
                                                .endValueFrom()
                                                .build(),
                                        new EnvVarBuilder()
                                                .withName("GREETING")
                                                .withValue("$(P_color)-$(CODE)-$(MISSING)-$$(CODE)")
                                                .build(),
                                        field("POD_IP", "status.podIP"),
                                        field("TIER", "metadata.labels['tier']"),
                                        new EnvVarBuilder()
                                                .withName("OTHERS_MEMORY")
                                                .withNewValueFrom()
                                                .withNewResourceFieldRef()
                                                .withContainerName("other")
                                                .withDivisor(new Quantity("1Mi"))
                                                .withResource("limits.memory")
                                                .endResourceFieldRef()
                                                .endValueFrom()
                                                .build())
                                .build(),
                        shell("other", "true")
                                .withNewResources()
                                .addToLimits("memory", new Quantity("48Mi"))
                                .endResources()
                                .build())
                .editMetadata()
                .addToLabels("tier", "front")
                .endMetadata());
        Pod pod = node.awaitPhase("env", "Succeeded");
        assertThat(node.log("env", "main"))
                .contains(
                        "FROM_IMAGE=yes\n",
                        "P_color=red\n",
                        "CODE=4231\n",
                        "GREETING=red-4231-$(MISSING)-$(CODE)\n",
                        "POD_IP=" + pod.getStatus().getPodIP() + "\n",
                        "TIER=front\n",
                        "OTHERS_MEMORY=48\n",
                        "HOSTNAME=env\n",
                        "args red-4231-$(MISSING)-$(CODE) $(GREETING)\n");
    }

    private static io.fabric8.kubernetes.api.model.EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    @Test
    void namesAndResolverAreThePods() {
        node.create(node.pod(
                        "named",
                        shell("main", "hostname; cat /etc/hosts /etc/resolv.conf /etc/hostname")
                                .build())
                .editSpec()
                .withHostname("front")
                .withSubdomain("shops")
                .withSetHostnameAsFQDN(true)
                .addNewHostAlias()
                .withIp("192.0.2.7")
                .withHostnames("till", "till.shop")
                .endHostAlias()
                .withDnsPolicy("None")
                .withNewDnsConfig()
                .withNameservers("192.0.2.53")
                .withSearches("shop.example")
                .endDnsConfig()
                .endSpec());
        node.awaitPhase("named", "Succeeded");
        assertThat(node.log("named", "main"))
                .startsWith("front.shops.shop.svc.cluster.local\n")
                .endsWith("front.shops.shop.svc.cluster.local\n")
                .contains("front.shops.shop.svc.cluster.local\tfront\n", "192.0.2.7\ttill\ttill.shop\n")
                .contains("search shop.example\nnameserver 192.0.2.53\n");
    }

    @Test
    void containersOfOnePodCanShareTheirProcesses() {
        node.create(node.pod(
                        "shared",
                        shell("one", "exec sleep 4711").build(),
                        shell(
                                        "two",
                                        "while ! ps | grep -q '[s]leep 4711'; do sleep 0.1; done; echo found; exec sleep 1000")
                                .build())
                .editSpec()
                .withShareProcessNamespace(true)
                .endSpec());
        node.awaitLog("shared", "two", "found");
    }

    @Test
    void podOnTheHostsNamespacesSeesTheHost() {
        node.create(node.pod(
                        "host",
                        shell("main", "hostname; ps | grep -c .; ls /proc/sys/net/ipv4/conf | head -1")
                                .build())
                .editSpec()
                .withHostNetwork(true)
                .withHostPID(true)
                .withHostIPC(true)
                .endSpec());
        Pod pod = node.awaitPhase("host", "Succeeded");
        assertThat(pod.getStatus().getPodIP()).isEqualTo(pod.getStatus().getHostIP());
        int processes = Integer.parseInt(
                node.log("host", "main").lines().skip(1).findFirst().orElseThrow());
        assertThat(processes).isGreaterThan(10);
    }

    @Test
    void probesOfEveryKindMakeReady() {
        Probe http = new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/index.html")
                .withPort(new IntOrString("web"))
                .endHttpGet()
                .withPeriodSeconds(1)
                .build();
        Probe tcp = new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(8080))
                .endTcpSocket()
                .withPeriodSeconds(1)
                .build();
        node.create(node.pod(
                "healthy",
                new ContainerBuilder(shell("main", "echo ok > /tmp/index.html; exec httpd -f -p 8080 -h /tmp")
                                .build())
                        .addNewPort()
                        .withName("web")
                        .withContainerPort(8080)
                        .endPort()
                        .withStartupProbe(exec("test -f /tmp/index.html", 10))
                        .withLivenessProbe(tcp)
                        .withReadinessProbe(http)
                        .build()));
        node.awaitReady("healthy");
        assertThat(status(node.get("healthy"), "main").getStarted()).isTrue();
    }

    @Test
    void failedLivenessRestartsAndHungProbesAreCut() {
        node.create(node.pod(
                        "sick",
                        shell("main", "trap '' TERM; while :; do sleep 0.1; done")
                                .withLivenessProbe(new ProbeBuilder(exec("sleep 1000", 1))
                                        .withTerminationGracePeriodSeconds(1L)
                                        .build())
                                .build())
                .editSpec()
                .withRestartPolicy("Always")
                .withTerminationGracePeriodSeconds(600L)
                .endSpec());
        Pod pod = node.await("sick", "restarted", found -> NodeFixture.find(found, "main")
                .filter(status -> status.getRestartCount() > 0)
                .isPresent());
        assertThat(status(pod, "main").getLastState().getTerminated().getExitCode())
                .isEqualTo(137);
        node.awaitEvent("sick", "Unhealthy Liveness probe failed: ");
        node.awaitEvent("sick", "Killing Container main failed liveness probe, will be restarted");
    }

    @Test
    void failedReadinessOnlyTakesTheTrafficAway() {
        node.create(node.pod(
                "unready",
                shell("main", "exec sleep 1000")
                        .withReadinessProbe(exec("echo no bread; exit 1", 1))
                        .build()));
        node.awaitEvent("unready", "Unhealthy Readiness probe failed: command exited with 1: no bread");
        Pod pod = node.awaitPhase("unready", "Running");
        assertThat(NodeFixture.condition(pod, "ContainersReady")).isEqualTo("False");
        assertThat(status(pod, "main").getRestartCount()).isZero();
    }

    private static Probe exec(String script, int failures) {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand("/bin/sh", "-c", script)
                .endExec()
                .withPeriodSeconds(1)
                .withFailureThreshold(failures)
                .build();
    }
}
