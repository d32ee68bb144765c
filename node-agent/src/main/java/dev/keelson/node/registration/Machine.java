package dev.keelson.node.registration;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Hugepages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What this machine is, as Node objects tell it. Sizes are bytes.
 *
 * @param hugepages what is kept for each size of huge page that pods can be limited in; size to bytes
 */
public record Machine(
        int cpus,
        long memory,
        long disk,
        Map<Long, Long> hugepages,
        String machineId,
        String systemUuid,
        String bootId,
        String kernel,
        String osImage,
        String architecture) {

    /** @param directory the node's directory, whose file system pods' files go to */
    public static Machine read(Path directory) {
        try {
            var store = Files.getFileStore(directory);
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    meminfo("MemTotal:"),
                    store.getTotalSpace(),
                    Cgroups.detect().limitsHugepages() ? Hugepages.pools() : Map.of(),
                    firstLine("/etc/machine-id"),
                    firstLine("/sys/class/dmi/id/product_uuid"),
                    firstLine("/proc/sys/kernel/random/boot_id"),
                    firstLine("/proc/sys/kernel/osrelease"),
                    prettyName(),
                    System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look at this machine", failure);
        }
    }

    private static long meminfo(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> number(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private static String prettyName() throws IOException {
        Path release = Path.of("/etc/os-release");
        if (!Files.isReadable(release)) {
            return "Linux";
        }
        return Files.readAllLines(release).stream()
                .filter(line -> line.toUpperCase(Locale.ROOT).startsWith("PRETTY_NAME="))
                .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                .findFirst()
                .orElse("Linux");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    private static String firstLine(String path) {
        try {
            Path file = Path.of(path);
            return Files.isReadable(file) ? Files.readString(file).strip() : "";
        } catch (IOException unreadable) {
            return "";
        }
    }
}
