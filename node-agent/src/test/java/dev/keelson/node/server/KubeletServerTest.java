package dev.keelson.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeletServerTest {
    @AutoClose
    private final RunningServer server;

    KubeletServerTest(@TempDir Path directory) throws Exception {
        server = new RunningServer(directory);
    }

    @Test
    void onlyTheApiServerAndAdministratorsMayCall() {
        assertThat(server.get("api", "/healthz").body()).isEqualTo("ok");
        assertThat(server.get("stranger", "/healthz").status()).isEqualTo(403);
        assertThat(trusted("CN=system:node:x,O=system:nodes")).isFalse();
        assertThat(trusted("CN=kubernetes-admin,O=system:masters")).isTrue();
        assertThat(trusted("CN=x,OU=system:masters")).isFalse();
        assertThat(trusted("O=nobody")).isFalse();
    }

    private static boolean trusted(String subject) {
        return CallerCheck.caller(subject).filter(CallerCheck::trusted).isPresent();
    }

    @Test
    void scrapersWithATokenAreLetInAsFarAsTheyMay() {
        assertThat(server.withToken("scraper", "/metrics/resource").body()).contains("node_cpu_usage_seconds_total");
        assertThat(server.withToken("scraper", "/stats/summary").body())
                .contains("Forbidden (user=scraper, verb=get, resource=nodes, subresource=stats)");
        assertThat(server.withToken("scraper", "/pods").status()).isEqualTo(403);
        assertThat(server.withToken("other", "/metrics/cadvisor").status()).isEqualTo(403);
        assertThat(server.withToken("nobody", "/metrics/resource").status()).isEqualTo(401);
        assertThat(server.withToken("", "/healthz").status()).isEqualTo(401);
    }

    @Test
    void logsAreServedAndWrongParametersNamed() {
        server.runtime.print(server.containerId, "hello");
        assertThat(server.get("api", "/containerLogs/shop/web/app?tailLines=1").body())
                .isEqualTo("hello\n");
        assertThat(server.get("api", "/containerLogs/shop/web/app?tailLines=x").body())
                .contains("tailLines=x");
        assertThat(server.get("api", "/containerLogs/shop/web/app?previous=true")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void clientsThatHaveTextOnlyReadLogsInBase64() throws Exception {
        server.runtime.print(server.containerId, "hello");
        assertThat(server.texts("/containerLogs/shop/web/app?tailLines=1&limitBytes=6", LogRoutes.BASE64))
                .containsExactly("", RunningServer.base64("hello\n"));
        assertThat(server.refusal("/containerLogs/shop/web/app?tailLines=x", LogRoutes.BINARY))
                .isEqualTo(400);
    }

    @Test
    void uploadsOfAnySizeAreStreamed() {
        byte[] archive = new byte[20 << 20];
        RunningServer.Answer answer = server.request("api", HttpMethod.POST, "/images/load", Buffer.buffer(archive));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(server.images.loaded).isEqualTo(archive.length);
    }
}
