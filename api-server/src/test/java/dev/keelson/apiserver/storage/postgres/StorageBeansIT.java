package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import dev.keelson.apiserver.postgres.SelfSignedPki;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.WatchCache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

/** The storage as the server wires it: pool, Hibernate Reactive, Flyway and health check of Quarkus. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(SelfSignedPki.class)
class StorageBeansIT {
    @Inject
    Storage storage;

    @Inject
    WatchCache cache;

    @Inject
    @Readiness
    StorageReadiness readiness;

    @Test
    void injectedStorageAndCacheWorkTogether() {
        ObjectKey key = new ObjectKey("", "configmaps", "ns", "a");
        byte[] json = "{\"metadata\":{\"name\":\"a\"}}".getBytes(UTF_8);

        Stored created = storage.commit(List.of(new Write.Create(key, "uid", json)))
                .toCompletableFuture()
                .join()
                .getFirst();
        cache.awaitLatest("", "configmaps").toCompletableFuture().join();

        assertThat(cache.get(key).orElseThrow().revision()).isEqualTo(created.revision());
        assertThat(storage.get(key).toCompletableFuture().join().json()).isEqualTo(json);
        assertThat(readiness.call().await().indefinitely().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }
}
