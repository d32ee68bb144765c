package dev.keelson.node.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.archive.ImageBuilder;
import dev.keelson.node.image.archive.ImageBuilder.Recipe;
import dev.keelson.node.image.oci.Platform;
import dev.keelson.node.image.registry.RegistryOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image store whose process is killed (kill -9) at moments nobody chose is whole when it is opened again. */
class CrashIT {
    private static final int ROUNDS = 12;
    private static final int IMAGES = 6;

    @TempDir
    Path work;

    /** The victim: loads, tags and removes images without end. Arguments: store, archives. */
    static final class Victim {
        public static void main(String[] args) throws IOException {
            try (LocalImageService images = open(Path.of(args[0]))) {
                System.out.println("open");
                for (int i = 0; ; i++) {
                    int n = i % IMAGES;
                    images.load(new ByteArrayInputStream(Files.readAllBytes(Path.of(args[1], n + ".tar"))));
                    images.tag("app:" + n, "app:latest");
                    if (i % 3 == 2) {
                        images.removeImage("app:" + (n - 1));
                    }
                }
            }
        }
    }

    private static LocalImageService open(Path store) {
        ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(0);
        return new LocalImageService(store, limits, RegistryOptions.DEFAULT, Set::of);
    }

    @Test
    void killedStoreIsWholeWhenItIsOpenedAgain() throws Exception {
        Path archives = Files.createDirectory(work.resolve("archives"));
        for (int i = 0; i < IMAGES; i++) {
            Files.write(archives.resolve(i + ".tar"), archive(i));
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path store = work.resolve("store");
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(store, archives, random.nextInt(400));
            assertWhole(store, "seed " + seed + " round " + round);
        }
    }

    private static byte[] archive(int number) throws IOException {
        TarBytes base = new TarBytes();
        TarBytes own = new TarBytes();
        for (int i = 0; i < 300; i++) {
            base.file("base/f" + i, "base");
            own.file("own/f" + i, "own " + number);
        }
        ImageBuilder builder = new ImageBuilder(Platform.current());
        builder.add(new Recipe(
                List.of(base.build(), own.build()),
                List.of("/app"),
                List.of("N=" + number),
                List.of(),
                "",
                Map.of(),
                List.of("app:" + number)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        builder.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static void runAndKill(Path store, Path archives, int afterMillis) throws Exception {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + store.getParent(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        store.toString(),
                        archives.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(victim.inputReader().readLine()).isEqualTo("open");
            assertThat(victim.waitFor(afterMillis, TimeUnit.MILLISECONDS))
                    .as("ended by itself")
                    .isFalse();
        } finally {
            victim.destroyForcibly().onExit().join();
        }
    }

    private static void assertWhole(Path store, String which) throws IOException {
        try (LocalImageService images = open(store)) {
            for (Image image : images.listImages()) {
                assertThat(image.layers()).as(which).hasSize(2);
                assertThat(files(image.layers().getFirst().resolve("base")))
                        .as(which)
                        .isEqualTo(300);
                assertThat(files(image.layers().getLast().resolve("own")))
                        .as(which)
                        .isEqualTo(300);
                images.save(List.of(image.id()), new ByteArrayOutputStream());
            }
            images.prune(true);
            assertThat(files(store.resolve("snapshots"))).as(which).isZero();
            assertThat(files(store.resolve("blobs/sha256"))).as(which).isZero();
            assertThat(files(store.resolve("incoming"))).as(which).isZero();
        }
    }

    private static long files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
