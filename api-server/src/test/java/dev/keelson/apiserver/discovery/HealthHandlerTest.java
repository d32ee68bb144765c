package dev.keelson.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.discovery.HealthHandler.Result;
import dev.keelson.apiserver.http.request.PathHandler.PathRequest;
import dev.keelson.apiserver.http.request.QueryParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthHandlerTest {
    private Optional<String> storage = Optional.of("connection refused");
    private final HealthHandler health = new HealthHandler(
            () -> List.of(new Result("ping", Optional.empty())),
            () -> List.of(new Result("ping", Optional.empty()), new Result("storage", storage)));

    private String get(String path, String query) {
        PathRequest request = new PathRequest(path, QueryParameters.parse(query), "", "", false);
        return new String(health.answer(request).orElseThrow().body().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void slisCountEveryCheckByItsOutcomeAndShowTheLatest() {
        get("/readyz", "");
        storage = Optional.empty();
        assertThat(get("/metrics/slis", "")
                        .lines()
                        .filter(line -> line.matches("kubernetes_healthcheck(s_total)?\\{.*")))
                .containsExactlyInAnyOrder(
                        "kubernetes_healthcheck{name=\"ping\",type=\"livez\",} 1.0",
                        "kubernetes_healthcheck{name=\"ping\",type=\"readyz\",} 1.0",
                        "kubernetes_healthcheck{name=\"storage\",type=\"readyz\",} 1.0",
                        "kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"livez\",} 1.0",
                        "kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"readyz\",} 2.0",
                        "kubernetes_healthchecks_total{name=\"storage\",status=\"error\",type=\"readyz\",} 1.0",
                        "kubernetes_healthchecks_total{name=\"storage\",status=\"success\",type=\"readyz\",} 1.0");
    }

    @Test
    void whatIsLeftOutIsSaidAndSoIsWhatCannotBe() {
        storage = Optional.empty();
        assertThat(get("/readyz", "verbose&exclude=storage&exclude=zeal&exclude=ape"))
                .isEqualTo("""
                        [+]ping ok
                        [+]storage excluded: ok
                        warn: some health checks cannot be excluded: no matches for "ape","zeal"
                        readyz check passed
                        """);
        assertThat(get("/readyz", "exclude=ape")).isEqualTo("ok");
    }

    @Test
    void theStoreAnswersToTheNamesThatToolsKnow() {
        assertThat(get("/readyz", "exclude=etcd")).isEqualTo("ok");
        assertThat(get("/readyz", "verbose&exclude=etcd-readiness"))
                .contains("[+]storage excluded: ok\n")
                .doesNotContain("warn");
        assertThat(get("/readyz/etcd", "")).isEqualTo(get("/readyz/storage", ""));
    }

    @Test
    void whyACheckFailedIsSaidToThoseWhoAskIt() {
        assertThat(get("/readyz", "")).isEqualTo("""
                        [+]ping ok
                        [-]storage failed: reason withheld
                        readyz check failed
                        """);
        assertThat(get("/readyz/storage", "")).isEqualTo("internal server error: connection refused\n");
    }

    @Test
    void aFailingCheckIsZeroAndAnExcludedOneIsNotCounted() {
        get("/readyz", "exclude=ping");
        assertThat(get("/metrics/slis", ""))
                .contains("kubernetes_healthcheck{name=\"storage\",type=\"readyz\",} 0.0")
                .contains("kubernetes_healthchecks_total{name=\"storage\",status=\"error\",type=\"readyz\",} 2.0")
                .contains("kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"readyz\",} 1.0");
    }
}
