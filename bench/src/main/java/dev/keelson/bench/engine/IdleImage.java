package dev.keelson.bench.engine;

import dev.keelson.node.image.archive.LayerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What every tool runs in this benchmark: one layer with a static busybox, sleeping. */
final class IdleImage {
    static final String NAME = "keelson-bench/idle:1";
    static final List<String> SLEEP = List.of("/bin/sleep", "1000");
    static final String TRUE = "/bin/true";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> PROGRAMS = List.of("sh", "sleep", "true");
    private static final List<String> DIRECTORIES = List.of("bin", "dev", "etc", "proc", "sys", "tmp");

    private IdleImage() {}

    /** The layer's files in a directory, which may have them already. */
    static Path unpack(Path directory) throws IOException {
        for (String name : DIRECTORIES) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.copy(BUSYBOX, directory.resolve("bin/busybox"), StandardCopyOption.REPLACE_EXISTING);
        for (String program : PROGRAMS) {
            Path link = directory.resolve("bin").resolve(program);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of("busybox"));
        }
        return directory;
    }

    /** The same files as a tar, which docker and podman import. */
    static byte[] tar() throws IOException {
        LayerBuilder layer = new LayerBuilder();
        for (String name : DIRECTORIES) {
            layer.directory(name, 0755);
        }
        layer.file("bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
        for (String program : PROGRAMS) {
            layer.symbolicLink("bin/" + program, "busybox");
        }
        return layer.build();
    }
}
