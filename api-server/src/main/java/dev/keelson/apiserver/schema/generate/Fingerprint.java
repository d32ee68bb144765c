package dev.keelson.apiserver.schema.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Changes when something changes that the generated resources depend on: the generator and the declared kinds. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Path classes) throws IOException {
        CRC32 sum = new CRC32();
        for (String part : List.of("schema/generate", "registry")) {
            Path folder = classes.resolve(part);
            if (Files.isDirectory(folder)) {
                add(folder, sum);
            }
        }
        return Long.toHexString(sum.getValue());
    }

    private static void add(Path folder, CRC32 sum) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            sum.update(Files.readAllBytes(file));
        }
    }
}
