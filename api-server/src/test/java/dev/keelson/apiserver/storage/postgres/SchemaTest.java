package dev.keelson.apiserver.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaTest {

    /** A migration that the server does not know of would never run. */
    @Test
    void newestVersionIsThatOfTheNewestMigration() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            int newest = files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(1, name.indexOf("__")))
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElseThrow();
            assertThat(Schema.NEWEST).isEqualTo(newest);
        }
    }
}
