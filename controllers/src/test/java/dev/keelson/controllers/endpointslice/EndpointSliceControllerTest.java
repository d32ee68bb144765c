package dev.keelson.controllers.endpointslice;

import static dev.keelson.controllers.TestObjects.pod;
import static dev.keelson.controllers.TestObjects.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EndpointSliceControllerTest {
    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectKey> loop = world.start(EndpointSliceController::new);

    @Test
    void serviceWithoutPodsHasAnEmptySliceThatNamesItsPorts() {
        service(new IntOrString(8080), false);
        world.settle(loop);

        EndpointSlice slice = slices().getFirst();
        assertThat(slice.getEndpoints()).isEmpty();
        assertThat(slice.getPorts()).singleElement().satisfies(port -> assertThat(port.getPort())
                .isEqualTo(8080));
        assertThat(slice.getMetadata().getLabels())
                .containsEntry("kubernetes.io/service-name", "web")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
    }

    @Test
    void firstEndpointGoesIntoTheSliceThatIsThere() {
        service(new IntOrString(8080), false);
        world.settle(loop);
        String before = slices().getFirst().getMetadata().getUid();
        create(running(pod("a"), "10.0.0.1", true));
        world.settle(loop);

        assertThat(slices()).singleElement().satisfies(slice -> {
            assertThat(slice.getMetadata().getUid()).isEqualTo(before);
            assertThat(slice.getEndpoints()).singleElement().satisfies(endpoint -> {
                assertThat(endpoint.getAddresses()).containsExactly("10.0.0.1");
                assertThat(endpoint.getTargetRef().getName()).isEqualTo("a");
                assertThat(endpoint.getNodeName()).isEqualTo("node-1");
            });
        });
    }

    @Test
    void deletionAloneMakesAnEndpointUnreadyWhileItServes() {
        service(new IntOrString(8080), false);
        create(running(pod("a"), "10.0.0.1", true));
        world.settle(loop);

        world.client().delete(ResourceType.PODS, "shop", "a", DeleteOptions.BACKGROUND);
        world.settle(loop);

        assertConditions(endpoint(), false, true, true);
    }

    @Test
    void unreadyPodIsListedAsNotReady() {
        service(new IntOrString(8080), false);
        create(running(pod("a"), "10.0.0.1", false));
        world.settle(loop);

        assertConditions(endpoint(), false, false, false);
    }

    @Test
    void publishedNotReadyAddressesCountAsReady() {
        service(new IntOrString(8080), true);
        create(running(pod("a"), "10.0.0.1", false));
        world.settle(loop);

        assertConditions(endpoint(), true, true, false);
    }

    @Test
    void namedTargetPortIsEachPodsOwn() {
        service(new IntOrString("http"), false);
        create(running(withPort(pod("a"), 8080), "10.0.0.1", true));
        create(running(withPort(pod("b"), 9090), "10.0.0.2", true));
        world.settle(loop);

        assertThat(slices())
                .extracting(slice -> slice.getPorts().getFirst().getPort() + " "
                        + slice.getEndpoints().getFirst().getAddresses())
                .containsExactlyInAnyOrder("8080 [10.0.0.1]", "9090 [10.0.0.2]");
    }

    @Test
    void endedPodsAndPodsWithoutAddressAreNoEndpoints() {
        service(new IntOrString(8080), false);
        create(pod("no-address"));
        Pod ended = running(pod("ended"), "10.0.0.9", false);
        ended.getStatus().setPhase("Succeeded");
        create(ended);
        world.settle(loop);

        assertThat(slices().getFirst().getEndpoints()).isEmpty();
    }

    @Test
    void relabelledPodLeavesTheService() {
        service(new IntOrString(8080), false);
        create(running(pod("a"), "10.0.0.1", true));
        world.settle(loop);

        Pod pod = world.client().get(ResourceType.PODS, "shop", "a");
        pod.getMetadata().setLabels(Map.of("app", "other"));
        world.client().update(ResourceType.PODS, pod);
        world.settle(loop);

        assertThat(slices().getFirst().getEndpoints()).isEmpty();
    }

    @Test
    void deletedServiceTakesItsSlicesAlong() {
        service(new IntOrString(8080), false);
        world.settle(loop);
        world.client().delete(ResourceType.SERVICES, "shop", "web", DeleteOptions.BACKGROUND);
        world.settle(loop);

        assertThat(slices()).isEmpty();
    }

    @Test
    void oneSliceHoldsAHundredEndpoints() {
        service(new IntOrString(8080), false);
        for (int i = 0; i < 101; i++) {
            create(running(pod("pod-%03d".formatted(i)), "10.0.1." + i, true));
        }
        world.settle(loop);

        assertThat(slices()).extracting(slice -> slice.getEndpoints().size()).containsExactlyInAnyOrder(100, 1);
    }

    @Test
    void sliceOfSomebodyElseIsLeftAlone() {
        EndpointSlice foreign = new EndpointSlice();
        foreign.setAddressType("IPv4");
        foreign.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("mirrored")
                .addToLabels("kubernetes.io/service-name", "gone")
                .addToLabels("endpointslice.kubernetes.io/managed-by", "somebody-else")
                .build());
        world.client().create(ResourceType.ENDPOINT_SLICES, foreign);
        world.settle(loop);

        assertThat(slices()).hasSize(1);
    }

    private void service(IntOrString target, boolean publishNotReady) {
        world.client()
                .create(
                        ResourceType.SERVICES,
                        new ServiceBuilder()
                                .withNewMetadata()
                                .withNamespace("shop")
                                .withName("web")
                                .endMetadata()
                                .withNewSpec()
                                .withSelector(Map.of("app", "web"))
                                .withPublishNotReadyAddresses(publishNotReady)
                                .addNewPort()
                                .withPort(80)
                                .withTargetPort(target)
                                .endPort()
                                .endSpec()
                                .build());
    }

    private static Pod withPort(Pod pod, int port) {
        return new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .addNewPort()
                .withName("http")
                .withContainerPort(port)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
    }

    private void create(Pod pod) {
        Pod created = world.client().create(ResourceType.PODS, pod);
        if (pod.getStatus() != null) {
            created.setStatus(pod.getStatus());
            world.client().updateStatus(ResourceType.PODS, created);
        }
    }

    private List<EndpointSlice> slices() {
        return world.client()
                .list(ResourceType.ENDPOINT_SLICES, "shop", ListOptions.ALL)
                .items();
    }

    private Endpoint endpoint() {
        return slices().getFirst().getEndpoints().getFirst();
    }

    private static void assertConditions(Endpoint endpoint, boolean ready, boolean serving, boolean terminating) {
        assertThat(endpoint.getConditions().getReady()).as("ready").isEqualTo(ready);
        assertThat(endpoint.getConditions().getServing()).as("serving").isEqualTo(serving);
        assertThat(endpoint.getConditions().getTerminating()).as("terminating").isEqualTo(terminating);
    }
}
