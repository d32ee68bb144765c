package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockUseTest {
    @TempDir
    Path directory;

    @Test
    void eachDeviceHasALine() throws IOException {
        Path file = Files.writeString(directory.resolve("io.stat"), """
                999:1 rbytes=8192 wbytes=4096 rios=2 wios=1 dbytes=0 dios=0
                999:16\s
                999:2 cost.usage=1 rbytes=1 future=x
                """);
        assertThat(BlockUse.read(file))
                .containsExactly(new BlockUse(999, 1, "", 8192, 4096, 2, 1), new BlockUse(999, 2, "", 1, 0, 0, 0));
        assertThat(BlockUse.read(directory.resolve("none"))).isEmpty();
    }
}
