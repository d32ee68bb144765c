package dev.keelson.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePagesTest {
    private static final String SMAPS = """
            800001000-8035a8000 rw-p 00001000 fe:00 2342917                          /opt/server.aot
            Size:              54940 kB
            Rss:               54940 kB
            Anonymous:         48000 kB
            VmFlags: rd wr mr mw me ac
            8035a8000-80816e000 r--p 035a8000 fe:00 2342917                          /opt/my server.aot
            Rss:               77592 kB
            Anonymous:             0 kB
            7f1000000000-7f1000010000 r--p 00000000 fe:00 12                         /opt/moved.aot
            Rss:                  64 kB
            Anonymous:            64 kB
            7f2000000000-7f2000010000 r-xp 00000000 fe:00 13                         /usr/lib/libjvm.so
            Rss:                  64 kB
            Anonymous:             0 kB
            7f3000000000-7f3000010000 r--p 00000000 00:00 0
            Rss:                   4 kB
            Anonymous:             0 kB
            7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0                          [vdso]
            Rss:                   8 kB
            Anonymous:             0 kB
            """;

    private static final byte[] CONTENT = new byte[1 << 20];

    @BeforeAll
    static void load() {
        Arrays.fill(CONTENT, (byte) 7);
        assertThat(FilePages.load(Path.of("target/libkeelson-pages.so").toAbsolutePath()))
                .isTrue();
    }

    @Test
    void onlyPagesThatTheirFileStillHasMayGo() {
        List<FilePages.Mapping> mappings = FilePages.parse(SMAPS.lines());

        assertThat(mappings).hasSize(6);
        assertThat(mappings.stream().filter(FilePages.Mapping::reloadable))
                .extracting(FilePages.Mapping::path)
                .containsExactly("/opt/my server.aot", "/usr/lib/libjvm.so");
        assertThat(mappings.get(1).from()).isEqualTo(0x8035a8000L);
        assertThat(mappings.get(1).to()).isEqualTo(0x80816e000L);
    }

    @Test
    void releasedPagesAreNotResidentAndReadTheSameAgain(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("mapped"), CONTENT);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, CONTENT.length);
            assertThat(mapped.duplicate()).isEqualTo(ByteBuffer.wrap(CONTENT));
            assertThat(residentKb(file)).isEqualTo(1024);

            FilePages.release();

            assertThat(residentKb(file)).isZero();
            assertThat(mapped).isEqualTo(ByteBuffer.wrap(CONTENT));
        }
    }

    @Test
    void evictedPagesComeBackOneByOne(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("mapped.aot"), CONTENT);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, CONTENT.length);
            assertThat(mapped.duplicate()).isEqualTo(ByteBuffer.wrap(CONTENT));

            FilePages.evictCaches();

            assertThat(mapped.get(CONTENT.length / 2)).isEqualTo((byte) 7);
            assertThat(residentKb(file)).isLessThan(256);
        }
    }

    private static long residentKb(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
            return FilePages.parse(lines).stream()
                    .filter(mapping -> mapping.path().equals(file.toString()))
                    .mapToLong(FilePages.Mapping::residentKb)
                    .sum();
        }
    }
}
