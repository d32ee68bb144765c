package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A pod that serves and that nothing of what happens beside it may touch. */
final class Neighbour implements AutoCloseable {
    private static final String NAME = "neighbour";

    private final NodeFixture node;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String run;

    Neighbour(NodeFixture node) {
        this.node = node;
        node.create(node.pod(
                        NAME,
                        NodeFixture.shell("web", "echo here > /tmp/index.html; exec httpd -f -p 8080 -h /tmp")
                                .withNewReadinessProbe()
                                .withNewTcpSocket()
                                .withNewPort(8080)
                                .endTcpSocket()
                                .withPeriodSeconds(1)
                                .endReadinessProbe()
                                .build())
                .editSpec()
                .withRestartPolicy("Always")
                .endSpec());
        node.awaitReady(NAME);
        run = status(node.get(NAME)).getContainerID();
    }

    private static ContainerStatus status(Pod pod) {
        return NodeFixture.status(pod, "web");
    }

    /** It answers, is Ready, and it is the same process as at the beginning. */
    void assertUntouched() throws Exception {
        Pod pod = node.get(NAME);
        assertThat(status(pod).getContainerID()).isEqualTo(run);
        assertThat(status(pod).getRestartCount()).isZero();
        assertThat(NodeFixture.condition(pod, "Ready")).isEqualTo("True");
        assertThat(answer(pod)).isEqualTo("here\n");
    }

    private String answer(Pod pod) throws IOException, InterruptedException {
        URI page =
                URI.create("http://%s:8080/index.html".formatted(pod.getStatus().getPodIP()));
        HttpRequest request =
                HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(30)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        client.close();
    }
}
