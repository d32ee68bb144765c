package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import org.junit.jupiter.api.Test;

class AuthMetricsTest {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final AuthMetrics metrics = new AuthMetrics(registry);

    private Double value(String name, String label, String value) {
        return registry.getSampleValue(name, new String[] {label}, new String[] {value});
    }

    @Test
    void usersAreCountedByFewNames() {
        for (String user : new String[] {"kubelet", "system:node:n1", "ann@example.com", "bob", "kubelet"}) {
            metrics.authenticated(user, System.nanoTime());
        }
        assertThat(value("authenticated_user_requests", "username", "kubelet")).isEqualTo(2);
        assertThat(value("authenticated_user_requests", "username", "email_id")).isEqualTo(1);
        assertThat(value("authenticated_user_requests", "username", "other")).isEqualTo(2);
        assertThat(value("authentication_attempts", "result", "success")).isEqualTo(5);
        assertThat(value("authentication_duration_seconds_count", "result", "success"))
                .isEqualTo(5);
    }

    @Test
    void whoIsRefusedIsNobodysRequest() {
        metrics.refused(System.nanoTime());
        assertThat(value("authentication_attempts", "result", "error")).isEqualTo(1);
        assertThat(value("authentication_attempts", "result", "success")).isNull();
        assertThat(value("authentication_duration_seconds_count", "result", "error"))
                .isEqualTo(1);
    }

    @Test
    void whatNoRuleAllowsIsNoOpinion() {
        metrics.decided(true, System.nanoTime());
        metrics.decided(false, System.nanoTime());
        assertThat(value("authorization_attempts_total", "result", "allowed")).isEqualTo(1);
        assertThat(value("authorization_attempts_total", "result", "no-opinion"))
                .isEqualTo(1);
        assertThat(value("authorization_attempts_total", "result", "denied")).isNull();
    }
}
