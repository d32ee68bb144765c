package dev.keelson.controllers.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndpointsPlannerTest {
    private static final List<PortView> HTTP = List.of(new PortView("", "TCP", 8080, ""));

    @Test
    void readyAndUnreadyAddressesAreToldApartAndTerminatingOnesLeftOut() {
        var subsets = EndpointsPlanner.subsets(List.of(new SliceView(
                "web-1",
                "IPv4",
                HTTP,
                List.of(
                        endpoint("10.0.0.1", true, false),
                        endpoint("10.0.0.2", false, false),
                        endpoint("10.0.0.3", false, true)))));

        assertThat(subsets).singleElement().satisfies(subset -> {
            assertThat(subset.getAddresses()).extracting(EndpointAddress::getIp).containsExactly("10.0.0.1");
            assertThat(subset.getNotReadyAddresses())
                    .extracting(EndpointAddress::getIp)
                    .containsExactly("10.0.0.2");
            assertThat(subset.getPorts()).singleElement().satisfies(port -> assertThat(port.getPort())
                    .isEqualTo(8080));
        });
    }

    @Test
    void slicesOfTheSamePortsAreOneSubset() {
        assertThat(EndpointsPlanner.subsets(List.of(
                        new SliceView("web-1", "IPv4", HTTP, List.of(endpoint("10.0.0.1", true, false))),
                        new SliceView("web-2", "IPv4", HTTP, List.of(endpoint("10.0.0.2", true, false))))))
                .singleElement()
                .satisfies(subset -> assertThat(subset.getAddresses()).hasSize(2));
    }

    @Test
    void serviceWithoutEndpointsHasNoSubset() {
        assertThat(EndpointsPlanner.subsets(List.of(new SliceView("web-1", "IPv4", HTTP, List.of()))))
                .isEmpty();
    }

    private static EndpointView endpoint(String address, boolean ready, boolean terminating) {
        return new EndpointView(
                address, "pod-" + address, "uid-" + address, "shop", "node-1", "", ready, ready, terminating, HTTP);
    }
}
