package dev.keelson.crds.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import org.junit.jupiter.api.Test;

final class ApiJsonTest {

    @Test
    void absentFieldsAreNotWritten() throws JsonProcessingException {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .endContainer()
                .endSpec()
                .build();

        assertThat(ApiJson.mapper().writeValueAsString(pod))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},"
                        + "\"spec\":{\"containers\":[{\"name\":\"main\"}]}}");
    }

    @Test
    void unknownFieldsSurviveARoundTrip() throws JsonProcessingException {
        String newer =
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"fromTheFuture\":{\"a\":1}},"
                        + "\"spec\":{\"alsoNew\":[1,2]}}";

        Pod pod = ApiJson.mapper().readValue(newer, Pod.class);

        assertThat(ApiJson.mapper().readTree(ApiJson.mapper().writeValueAsString(pod)))
                .isEqualTo(ApiJson.mapper().readTree(newer));
    }

    @Test
    void microTimesAreWrittenAsKubernetesReadsThem() throws JsonProcessingException {
        String lease = "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"l\"},"
                + "\"spec\":{\"renewTime\":\"2025-01-02T03:04:05.600000Z\"}}";

        Lease read = ApiJson.mapper().readValue(lease, Lease.class);

        assertThat(ApiJson.mapper().writeValueAsString(read)).isEqualTo(lease);
    }
}
