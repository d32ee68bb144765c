package dev.keelson.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterConfigTest {
    @TempDir
    Path directory;

    @Test
    void fileFromBeforeThereWereServersWithoutNodeHasANode() throws IOException {
        Path file = directory.resolve("cluster.json");
        Files.writeString(file, """
                {"cluster":"c","nodeName":"n","httpsPort":6443,"nodeIp":"10.0.0.1","podCidr":"10.64.0.0/16",
                 "serviceCidr":"10.65.0.0/16","databaseUrl":""}
                """);

        assertThat(ClusterConfig.read(file).orElseThrow().serverOnly()).isFalse();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Path file = directory.resolve("cluster.json");
        ClusterConfig joined = new ClusterConfig("mine", "n", 6443, "10.0.0.1", "a", "b", "postgresql://u:p@h/d", true)
                .joining("theirs", "10.64.0.0/16", "10.65.0.0/16");

        joined.write(file);

        assertThat(ClusterConfig.read(file)).contains(joined);
        assertThat(joined.cluster()).isEqualTo("theirs");
    }
}
