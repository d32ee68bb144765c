package dev.keelson.node.volume;

import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.HostPath;
import dev.keelson.node.runtime.ContainerConfig.Source;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** {@code hostPath} with its types (Kubernetes: "Volumes", hostPath). */
final class HostPathPlugin implements VolumePlugin {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;

    @Override
    public boolean handles(Volume volume) {
        return volume.getHostPath() != null;
    }

    @Override
    public Source source(DesiredPod pod, Volume volume, Path directory, String subPath) {
        return new HostPath(path(volume), subPath);
    }

    private static Path path(Volume volume) {
        return Path.of(volume.getHostPath().getPath()).normalize();
    }

    /** Files of the host belong to the host's ids, which a pod with users of its own does not have. */
    @Override
    public boolean idmapped() {
        return true;
    }

    @Override
    public void setUp(Setup setup) throws IOException {
        Path path = path(setup.volume());
        if (!path.isAbsolute()) {
            throw new VolumeProblem("hostPath \"%s\" must be absolute".formatted(path));
        }
        String type = Objects.requireNonNullElse(setup.volume().getHostPath().getType(), "");
        switch (type) {
            case "" -> {}
            case "DirectoryOrCreate" -> createDirectory(path);
            case "Directory" -> require(Files.isDirectory(path), path, "a directory");
            case "FileOrCreate" -> createFile(path);
            case "File" -> require(Files.isRegularFile(path), path, "a file");
            case "Socket" -> require(isType(path, SOCKET), path, "a socket");
            case "CharDevice" -> require(isType(path, CHARACTER_DEVICE), path, "a character device");
            case "BlockDevice" -> require(isType(path, BLOCK_DEVICE), path, "a block device");
            default -> throw new VolumeProblem("hostPath type \"%s\" is not known".formatted(type));
        }
        if (!Files.exists(path)) {
            throw new VolumeProblem(
                    "hostPath %s does not exist; type DirectoryOrCreate or FileOrCreate makes it".formatted(path),
                    false);
        }
    }

    private static void createDirectory(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        require(Files.isDirectory(path), path, "a directory");
    }

    private static void createFile(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        }
        require(Files.isRegularFile(path), path, "a file");
    }

    private static boolean isType(Path path, int type) throws IOException {
        return Files.exists(path)
                && ((int) Files.getAttribute(path, "unix:mode", new LinkOption[0]) & FILE_TYPE) == type;
    }

    private static void require(boolean holds, Path path, String what) {
        if (!holds) {
            throw new VolumeProblem("hostPath type check failed: %s is not %s".formatted(path, what), false);
        }
    }
}
