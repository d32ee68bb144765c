package dev.keelson.apiserver.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ApiEndpointsTest {

    @Test
    void serversOnOnePortShareTheSliceThatKubernetesNames() {
        SortedMap<String, ObjectNode> slices = plan("10.0.0.2:6443", "10.0.0.1:6443");

        assertThat(slices).containsOnlyKeys("kubernetes");
        assertThat(slices.get("kubernetes").findValuesAsText("addresses")).hasSize(2);
        assertThat(slices.get("kubernetes").at("/endpoints/0/addresses/0").asText())
                .isEqualTo("10.0.0.1");
        assertThat(slices.get("kubernetes").at("/ports/0/port").asInt()).isEqualTo(6443);
        assertThat(slices.get("kubernetes")
                        .at("/metadata/labels")
                        .path("kubernetes.io/service-name")
                        .asText())
                .isEqualTo("kubernetes");
    }

    @Test
    void everyFurtherPortGetsASliceOfItsOwn() {
        SortedMap<String, ObjectNode> slices = plan("10.0.0.1:7443", "10.0.0.1:6443");

        assertThat(slices).containsOnlyKeys("kubernetes", "kubernetes-7443");
        assertThat(slices.get("kubernetes-7443").at("/ports/0/port").asInt()).isEqualTo(7443);
    }

    @Test
    void endpointsHaveASubsetForEachPort() {
        ObjectNode endpoints = ApiEndpoints.endpoints(alive("10.0.0.2:6443", "10.0.0.1:6443", "10.0.0.1:7443"));

        assertThat(endpoints.at("/metadata/name").asText()).isEqualTo("kubernetes");
        assertThat(endpoints.path("subsets").toString())
                .isEqualTo("[{\"addresses\":[{\"ip\":\"10.0.0.1\"},{\"ip\":\"10.0.0.2\"}],"
                        + "\"ports\":[{\"name\":\"https\",\"port\":6443,\"protocol\":\"TCP\"}]},"
                        + "{\"addresses\":[{\"ip\":\"10.0.0.1\"}],"
                        + "\"ports\":[{\"name\":\"https\",\"port\":7443,\"protocol\":\"TCP\"}]}]");
    }

    @Test
    void addressIsReadBackAndAnythingElseIsNone() {
        assertThat(ServerAddress.parse("10.0.0.1:6443")).contains(new ServerAddress("10.0.0.1", 6443));
        assertThat(ServerAddress.parse("6443")).isEmpty();
        assertThat(ServerAddress.parse("10.0.0.1:x")).isEmpty();
        assertThat(new ServerAddress("10.0.0.1", 6443).leaseName()).isEqualTo("apiserver-10-0-0-1-6443");
    }

    private static SortedMap<String, ObjectNode> plan(String... servers) {
        return ApiEndpoints.plan(alive(servers));
    }

    private static TreeSet<ServerAddress> alive(String... servers) {
        TreeSet<ServerAddress> alive = new TreeSet<>();
        Arrays.stream(servers)
                .forEach(server -> alive.add(ServerAddress.parse(server).orElseThrow()));
        return alive;
    }
}
