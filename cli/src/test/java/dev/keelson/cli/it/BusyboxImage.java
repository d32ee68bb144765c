package dev.keelson.cli.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A docker-archive with Debian's static busybox and a few links to it: a shell for tests. */
final class BusyboxImage {
    private static final List<String> TOOLS = List.of(
            "sh",
            "sleep",
            "echo",
            "cat",
            "ls",
            "id",
            "hostname",
            "nslookup",
            "wget",
            "tr",
            "stty",
            "dd",
            "head",
            "seq",
            "true",
            "false",
            "env",
            "ps",
            "mount",
            "touch",
            "tail",
            "yes",
            "test",
            "printf",
            "grep",
            "kill",
            "tar",
            "nc",
            "rm");

    private BusyboxImage() {}

    static Path archive() {
        Path file = Shell.repository().resolve("cli/target/busybox-test-image.tar");
        try {
            byte[] layer = layer();
            String diffId = sha256(layer);
            String config = """
                    {"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh"],"Env":["PATH=/bin"]},
                    "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}""".formatted(diffId);
            String configName = sha256(config.getBytes(StandardCharsets.UTF_8)) + ".json";
            String manifest =
                    "[{\"Config\":\"%s\",\"RepoTags\":[\"keelson.dev/test/busybox:1\"],\"Layers\":[\"%s/layer.tar\"]}]"
                            .formatted(configName, diffId);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
                put(tar, configName, config.getBytes(StandardCharsets.UTF_8), 0644);
                put(tar, diffId + "/layer.tar", layer, 0644);
                put(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8), 0644);
            }
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] layer() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String directory : List.of("bin/", "tmp/", "etc/", "root/")) {
                TarArchiveEntry entry = new TarArchiveEntry(directory);
                entry.setMode(directory.equals("tmp/") ? 01777 : 0755);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            Path busybox =
                    Files.exists(Path.of("/bin/busybox")) ? Path.of("/bin/busybox") : Path.of("/usr/bin/busybox");
            put(tar, "bin/busybox", Files.readAllBytes(busybox), 0755);
            put(
                    tar,
                    "etc/passwd",
                    "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/:/bin/sh\n".getBytes(StandardCharsets.US_ASCII),
                    0644);
            for (String tool : TOOLS) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + tool, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(mode);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
