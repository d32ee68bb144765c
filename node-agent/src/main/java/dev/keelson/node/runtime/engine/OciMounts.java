package dev.keelson.node.runtime.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerConfig.Propagation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The mounts of {@code config.json}: the kernel's file systems as the engine mounts them, the pod's files, devices. */
record OciMounts(ContainerConfig config, SandboxRecord sandbox) {
    /** Where the launcher puts root file system and volumes, in a mount namespace of the runtime's own. */
    static final String STAGE = "/run/keelson";

    /** Every runtime makes these itself. */
    private static final Set<String> STANDARD =
            Set.of("null", "zero", "full", "random", "urandom", "tty", "ptmx", "console");

    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    void write(ArrayNode mounts) {
        String access = config.security().privileged() ? "rw" : "ro";
        add(mounts, "/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        add(mounts, "/dev", "tmpfs", "tmpfs", "nosuid", "noexec", "strictatime", "mode=755", "size=65536k");
        add(mounts, "/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
        add(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        add(mounts, "/dev/shm", "bind", STAGE + "/shm", "rbind");
        add(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", access);
        add(mounts, "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", access);
        List<ContainerConfig.Mount> volumes = config.mounts();
        for (int index = 0; index < volumes.size(); index++) {
            ContainerConfig.Mount volume = volumes.get(index);
            add(mounts, volume.destination(), "bind", STAGE + "/" + index, "rbind", propagation(volume));
        }
        if (config.security().privileged() && sandbox.hostUsers()) {
            hostDevices().forEach(device -> add(mounts, device, "bind", device, "bind"));
        }
    }

    private static String propagation(ContainerConfig.Mount volume) {
        if (volume.propagation() == Propagation.BOTH_WAYS) {
            throw Failures.invalid("%s: mountPropagation Bidirectional works without a RuntimeClass only"
                    .formatted(volume.destination()));
        }
        return volume.propagation() == Propagation.FROM_HOST ? "rslave" : "rprivate";
    }

    private static List<String> hostDevices() {
        try (Stream<Path> entries = Files.list(Path.of("/dev"))) {
            return entries.filter(path -> !STANDARD.contains(path.getFileName().toString()))
                    .filter(OciMounts::isDevice)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isDevice(Path path) {
        try {
            int type = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE;
            return type == CHARACTER_DEVICE || type == BLOCK_DEVICE;
        } catch (IOException gone) {
            return false;
        }
    }

    private static void add(ArrayNode mounts, String destination, String type, String source, String... options) {
        ArrayNode list = mounts.addObject()
                .put("destination", destination)
                .put("type", type)
                .put("source", source)
                .putArray("options");
        for (String option : options) {
            list.add(option);
        }
    }
}
