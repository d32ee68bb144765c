package dev.keelson.node.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image.ImageConfig;
import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private final FakeObjects objects = new FakeObjects();
    private final Environment environment =
            new Environment(objects, "192.0.2.1", Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi")));

    EnvironmentTest() {
        objects.configMaps.put(
                "cfg",
                new ConfigMapBuilder()
                        .addToData("k", "v")
                        .addToData("OTHER", "o")
                        .build());
        objects.secrets.put(
                "sec", new SecretBuilder().addToData("pw", "c2VjcmV0").build());
    }

    @Test
    void laterDefinitionsOverrideAndReferToEarlierOnes() {
        Container container = new ContainerBuilder()
                .withName("app")
                .addNewEnvFrom()
                .withPrefix("P_")
                .withNewConfigMapRef("cfg", false)
                .endEnvFrom()
                .addNewEnv()
                .withName("A")
                .withValue("1")
                .endEnv()
                .addNewEnv()
                .withName("B")
                .withValue("$(A)-$(P_k)-$(C)")
                .endEnv()
                .addNewEnv()
                .withName("C")
                .withValue("later")
                .endEnv()
                .addNewEnv()
                .withName("P_k")
                .withValue("own")
                .endEnv()
                .build();
        Map<String, String> env = of(container);
        assertThat(env)
                .containsEntry("B", "1-v-$(C)")
                .containsEntry("P_k", "own")
                .containsEntry("P_OTHER", "o");
    }

    @Test
    void fieldsResourcesKeysAndSecretsAreRead() {
        Container container = new ContainerBuilder()
                .withName("app")
                .withNewResources()
                .addToLimits("cpu", new Quantity("1500m"))
                .endResources()
                .addNewEnv()
                .withName("IP")
                .withNewValueFrom()
                .withNewFieldRef("v1", "status.podIP")
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("CPU")
                .withNewValueFrom()
                .withNewResourceFieldRef()
                .withDivisor(new Quantity("1"))
                .withResource("limits.cpu")
                .endResourceFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("MEM")
                .withNewValueFrom()
                .withNewResourceFieldRef()
                .withDivisor(new Quantity("1Mi"))
                .withResource("limits.memory")
                .endResourceFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("PW")
                .withNewValueFrom()
                .withNewSecretKeyRef("pw", "sec", false)
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("NO")
                .withNewValueFrom()
                .withNewConfigMapKeyRef("zz", "cfg", true)
                .endValueFrom()
                .endEnv()
                .build();
        assertThat(of(container))
                .containsEntry("IP", "10.0.0.2")
                .containsEntry("CPU", "2")
                .containsEntry("MEM", "4096")
                .containsEntry("PW", "secret")
                .doesNotContainKey("NO");
    }

    @Test
    void missingKeyIsNamed() {
        Container container = new ContainerBuilder()
                .withName("app")
                .addNewEnv()
                .withName("A")
                .withNewValueFrom()
                .withNewConfigMapKeyRef("zz", "cfg", false)
                .endValueFrom()
                .endEnv()
                .build();
        assertThatThrownBy(() -> of(container))
                .isInstanceOfSatisfying(NodeException.class, failure -> assertThat(failure.reason())
                        .isEqualTo("CreateContainerConfigError"))
                .hasMessage("couldn't find key zz in configmap shop/cfg");
    }

    @Test
    void servicesAreTold() {
        objects.services.add(service("my-db", "shop"));
        assertThat(of(new ContainerBuilder().withName("app").build()))
                .containsEntry("MY_DB_SERVICE_HOST", "10.1.2.3")
                .containsEntry("MY_DB_SERVICE_PORT", "5432")
                .containsEntry("MY_DB_SERVICE_PORT_SQL", "5432")
                .containsEntry("MY_DB_PORT_5432_TCP_ADDR", "10.1.2.3");
    }

    @Test
    void servicesAreNotToldToPodsThatDoNotWantIt() {
        objects.services.add(service("my-db", "shop"));
        objects.services.add(service("kubernetes", "default"));
        Container app = new ContainerBuilder().withName("app").build();
        DesiredPod quiet =
                Pods.desired(Pods.pod().editSpec().withEnableServiceLinks(false).endSpec());
        assertThat(environment.of(quiet, app, List.of("10.0.0.7")))
                .doesNotContainKey("MY_DB_SERVICE_HOST")
                .as("the API server is always told")
                .containsEntry("KUBERNETES_SERVICE_HOST", "10.1.2.3");
    }

    private static Service service(String name, String namespace) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("10.1.2.3")
                .addNewPort()
                .withName("sql")
                .withPort(5432)
                .endPort()
                .endSpec()
                .build();
    }

    @Test
    void commandReplacesTheImagesArgumentsArgsDoNotReplaceItsEntrypoint() {
        ImageConfig image = new ImageConfig(List.of("entry"), List.of("cmd"), List.of(), "", "", "", List.of());
        ContainerBuilder none = new ContainerBuilder().withName("app");
        assertThat(line(none, image)).containsExactly("entry", "cmd");
        assertThat(line(new ContainerBuilder().withName("a").withArgs("x"), image))
                .containsExactly("entry", "x");
        assertThat(line(new ContainerBuilder().withName("a").withCommand("c"), image))
                .containsExactly("c");
        assertThat(line(new ContainerBuilder().withName("a").withCommand("c").withArgs("$(V)"), image))
                .containsExactly("c", "val");
        ImageConfig empty = new ImageConfig(List.of(), List.of(), List.of(), "", "", "", List.of());
        assertThatThrownBy(() -> line(none, empty)).hasMessageContaining("no command specified");
    }

    private static List<String> line(ContainerBuilder container, ImageConfig image) {
        return CommandLine.of(container.build(), image, Map.of("V", "val"));
    }

    private Map<String, String> of(Container container) {
        return environment.of(Pods.desired(Pods.pod()), container, List.of("10.0.0.2"));
    }
}
