package dev.keelson.node.image.archive;

import dev.keelson.node.image.archive.ImageBuilder.Recipe;
import dev.keelson.node.image.oci.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The build step that packs the example web server into {@code keelson.dev/examples/web}, versions 1 and 2, and the
 * version {@code broken}, which never becomes ready. All share the layer with the program.
 */
public final class WebExample {
    private static final String NAME = "keelson.dev/examples/web";
    private static final String USER = "65532:65532";

    private WebExample() {}

    /** Arguments: the compiled server, and the oci-archive to write. An equal archive is left untouched. */
    public static void main(String[] args) throws IOException {
        byte[] archive = archive(Files.readAllBytes(Path.of(args[0])));
        Path target = Path.of(args[1]);
        if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), archive)) {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.write(target, archive);
        }
    }

    /** The archive with all versions around the given program. */
    public static byte[] archive(byte[] program) throws IOException {
        byte[] base = baseLayer(program);
        ImageBuilder builder = new ImageBuilder(Platform.current());
        builder.add(recipe(base, "1", List.of()));
        builder.add(recipe(base, "2", List.of()));
        builder.add(recipe(base, "broken", List.of("FAIL_READY=1")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        builder.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static byte[] baseLayer(byte[] program) throws IOException {
        LayerBuilder layer = new LayerBuilder();
        for (String directory : List.of("dev", "etc", "proc", "sys")) {
            layer.directory(directory, 0755);
        }
        return layer.directory("tmp", 01777)
                .file("etc/passwd", 0644, text("root:x:0:0:root:/:/web\nweb:x:65532:65532:web:/:/web\n"))
                .file("etc/group", 0644, text("root:x:0:\nweb:x:65532:\n"))
                .file("web", 0755, program)
                .build();
    }

    private static Recipe recipe(byte[] base, String version, List<String> extraEnv) throws IOException {
        byte[] own = new LayerBuilder()
                .directory("etc", 0755)
                .file("etc/web-version", 0644, text(version + "\n"))
                .build();
        List<String> env = new ArrayList<>(List.of("PATH=/", "VERSION=" + version));
        env.addAll(extraEnv);
        Map<String, String> labels =
                Map.of("org.opencontainers.image.title", "web", "org.opencontainers.image.version", version);
        return new Recipe(
                List.of(base, own),
                List.of("/web"),
                env,
                List.of("8080/tcp"),
                USER,
                labels,
                List.of(NAME + ":" + version));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
