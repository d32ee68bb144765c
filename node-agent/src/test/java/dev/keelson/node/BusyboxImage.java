package dev.keelson.node;

import dev.keelson.node.image.archive.ImageBuilder;
import dev.keelson.node.image.archive.LayerBuilder;
import dev.keelson.node.image.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An image of Debian's static busybox, made in memory. */
public final class BusyboxImage {
    public static final String NAME = "it.keelson.dev/busybox:1";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> PROGRAMS = List.of(
            "sh",
            "ls",
            "cat",
            "id",
            "sleep",
            "ps",
            "hostname",
            "echo",
            "env",
            "touch",
            "kill",
            "test",
            "true",
            "false",
            "httpd",
            "nc",
            "grep",
            "seq",
            "head",
            "tail",
            "dd",
            "wc",
            "mkdir",
            "cut",
            "stty",
            "stat",
            "ln",
            "mv",
            "rm",
            "mount",
            "umount",
            "unshare",
            "mknod",
            "chroot",
            "sysctl");

    private BusyboxImage() {}

    public static InputStream archive() throws IOException {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new IOException("these tests need a static busybox: apt-get install busybox-static");
        }
        LayerBuilder layer = new LayerBuilder();
        for (String directory : List.of("bin", "dev", "etc", "proc", "sys")) {
            layer.directory(directory, 0755);
        }
        layer.directory("tmp", 01777)
                .file("etc/passwd", 0644, text("root:x:0:0:root:/:/bin/sh\nbob:x:1000:1000::/tmp:/bin/sh\n"))
                .file("etc/group", 0644, text("root:x:0:\nbob:x:1000:\n"))
                .file("bin/data", 0644, text("not a program"))
                .file("bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
        for (String program : PROGRAMS) {
            layer.symbolicLink("bin/" + program, "busybox");
        }
        ImageBuilder builder = new ImageBuilder(Platform.current());
        builder.add(new ImageBuilder.Recipe(
                List.of(layer.build()),
                List.of("/bin/sleep", "1000"),
                List.of("PATH=/bin", "FROM_IMAGE=yes"),
                List.of(),
                "",
                Map.of(),
                List.of(NAME)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        builder.writeTo(bytes);
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
