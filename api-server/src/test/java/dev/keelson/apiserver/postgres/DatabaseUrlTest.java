package dev.keelson.apiserver.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    @Test
    void partsOfTheUrlBecomeWhatEachClientTakes() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://me:p%40ss+1@db.example:6543/keelson?sslmode=require");

        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6543/keelson?sslmode=require");
        assertThat(url.reactiveUri()).isEqualTo("vertx-reactive:postgresql://db.example:6543/keelson?sslmode=require");
        assertThat(url.username()).isEqualTo("me");
        assertThat(url.password()).isEqualTo("p@ss+1");
        assertThat(url.environment()).containsEntry("QUARKUS_DATASOURCE_PASSWORD", "p@ss+1");
        assertThat(url.toString()).isEqualTo("postgresql://me@db.example:6543/keelson");
    }

    @Test
    void portAndPasswordMayBeLeftOut() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://me@db/keelson");

        assertThat(url.port()).isEqualTo(5432);
        assertThat(url.password()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mysql://u:p@h/d",
                "postgresql://u:secret@h",
                "postgresql://h/d",
                "postgresql://u:secret@h /d"
            })
    void anythingElseIsRefusedWithTheFormAndWithoutTheSecret(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("postgresql://user:password@host:5432/database")
                .hasMessageNotContaining("secret");
    }
}
