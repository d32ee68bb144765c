package dev.keelson.controllers.namespace;

import static dev.keelson.controllers.TestObjects.namespace;
import static dev.keelson.controllers.TestObjects.pod;
import static dev.keelson.controllers.TestObjects.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.CustomThings;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NamespaceControllerTest {
    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectKey> loop = world.start(NamespaceController::new);

    @Test
    void customResourcesGoWithTheirNamespace() {
        world.client().create(CustomResources.DEFINITIONS, CustomThings.definition());
        world.client().create(ResourceType.NAMESPACES, namespace("shop"));
        world.client().create(CustomThings.TYPE, CustomThings.thing("t"));
        world.client().delete(ResourceType.NAMESPACES, "", "shop", DeleteOptions.BACKGROUND);
        world.pass(Duration.ofSeconds(2), loop);

        assertThat(world.client()
                        .list(CustomThings.TYPE, "shop", ListOptions.ALL)
                        .items())
                .isEmpty();
        assertThat(world.client()
                        .list(ResourceType.NAMESPACES, "", ListOptions.ALL)
                        .items())
                .isEmpty();
    }

    @Test
    void namespaceGoesWhenItsLastPodHasStopped() {
        world.client().create(ResourceType.NAMESPACES, namespace("shop"));
        world.client().create(ResourceType.PODS, running(pod("a"), "10.0.0.1", true));
        world.client()
                .create(
                        ResourceType.CONFIG_MAPS,
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withNamespace("shop")
                                .withName("c")
                                .endMetadata()
                                .build());
        world.client().delete(ResourceType.NAMESPACES, "", "shop", DeleteOptions.BACKGROUND);
        world.pass(Duration.ofSeconds(2), loop);

        assertThat(world.client()
                        .list(ResourceType.CONFIG_MAPS, "shop", ListOptions.ALL)
                        .items())
                .isEmpty();
        assertThat(Pods.terminating(world.client().get(ResourceType.PODS, "shop", "a")))
                .isTrue();
        assertThat(world.client()
                        .get(ResourceType.NAMESPACES, "", "shop")
                        .getStatus()
                        .getConditions())
                .filteredOn(condition -> condition.getType().equals("NamespaceContentRemaining"))
                .extracting(NamespaceCondition::getMessage)
                .singleElement()
                .asString()
                .contains("pods has 1 resource instances");

        world.client().delete(ResourceType.PODS, "shop", "a", DeleteOptions.BACKGROUND.withGracePeriod(Duration.ZERO));
        world.pass(Duration.ofSeconds(1), loop);

        assertThat(world.client()
                        .list(ResourceType.NAMESPACES, "", ListOptions.ALL)
                        .items())
                .isEmpty();
    }

    @Test
    void namespaceInUseIsLeftAlone() {
        world.client().create(ResourceType.NAMESPACES, namespace("shop"));
        world.client().create(ResourceType.PODS, pod("a"));
        world.pass(Duration.ofSeconds(2), loop);

        assertThat(world.client()
                        .list(ResourceType.PODS, "shop", ListOptions.ALL)
                        .items())
                .hasSize(1);
    }
}
