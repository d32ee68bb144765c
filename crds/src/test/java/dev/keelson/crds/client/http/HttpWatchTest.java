package dev.keelson.crds.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.WatchEvent;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWatchTest {
    private static final String OBJECT = """
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","managedFields":[{"manager":"m","fieldsV1":\
            {"f:data":{"f:metadata":{}}}}],"labels":{"x":"y"}},"data":{"managedFields":"kept","object":"o"}}""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"MODIFIED\",\"object\":%s}",
                "{\"object\":%s,\"type\":\"MODIFIED\"}",
                "{\"type\":\"MODIFIED\",\"strange\":1,\"object\":%s}"
            })
    void anEventIsReadInWhateverOrderItsFieldsCome(String event) {
        HttpWatch<ConfigMap> watch = watch(event.formatted(OBJECT));
        assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Modified.class, modified -> {
            ConfigMap map = (ConfigMap) modified.object();
            assertThat(map.getMetadata().getName()).isEqualTo("a");
            assertThat(map.getMetadata().getLabels()).isEqualTo(Map.of("x", "y"));
            assertThat(map.getData()).isEqualTo(Map.of("managedFields", "kept", "object", "o"));
        });
        assertThat(watch.hasNext()).isFalse();
    }

    @Test
    void whoOwnsWhichFieldIsPassedOver() {
        WatchEvent<ConfigMap> added =
                watch("{\"type\":\"ADDED\",\"object\":%s}".formatted(OBJECT)).next();
        assertThat(((WatchEvent.Added<ConfigMap>) added).object().getMetadata().getManagedFields())
                .isEmpty();
    }

    private static HttpWatch<ConfigMap> watch(String line) {
        LineStream lines = new LineStream();
        lines.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        });
        lines.onNext(List.of(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8))));
        lines.onComplete();
        return new HttpWatch<>(lines, ConfigMap.class, "configmaps", Duration.ofSeconds(10));
    }
}
