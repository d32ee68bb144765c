package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.watch.LiveWatchCache;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the database answers; the cache is loaded before anything is served at all. */
@Readiness
@ApplicationScoped
class StorageReadiness implements AsyncHealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final PostgresStorage storage;
    private final LiveWatchCache cache;

    StorageReadiness(PostgresStorage storage, LiveWatchCache cache) {
        this.storage = storage;
        this.cache = cache;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom()
                .completionStage(() -> storage.feed(Sequence.LOG).current())
                .ifNoItem()
                .after(LIMIT)
                .fail()
                .map(revision ->
                        response().up().withData("database", revision.value()).build())
                .onFailure()
                .recoverWithItem(error -> response()
                        .down()
                        .withData("error", String.valueOf(error.getMessage()))
                        .build());
    }

    private HealthCheckResponseBuilder response() {
        return HealthCheckResponse.named("storage")
                .withData("cache", cache.revision().value());
    }
}
