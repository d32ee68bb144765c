package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** A server that is killed leaves nothing in {@code /tmp}. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class TemporaryFilesIT {
    @Inject
    Vertx vertx;

    /** Vert.x would copy it into a directory of its own below {@code /tmp}, which it makes for that. */
    @Test
    void nothingIsCopiedOutOfTheClassPath() {
        String onClassPath = "META-INF/microprofile-config.properties";
        assertThat(getClass().getClassLoader().getResource(onClassPath)).isNotNull();
        assertThat(((VertxInternal) vertx).resolveFile(onClassPath)).doesNotExist();
    }
}
