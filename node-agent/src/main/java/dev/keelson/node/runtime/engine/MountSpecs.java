package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.ContainerConfig.HostPath;
import dev.keelson.node.runtime.ContainerConfig.ImageLayers;
import dev.keelson.node.runtime.ContainerConfig.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes mounts in the words that the launcher reads: four entries for each, and one for each layer of an image. */
final class MountSpecs {
    private MountSpecs() {}

    /** @param index tells the layers of one image from those of another */
    static void add(Spec.Builder spec, String container, int index, Mount mount) {
        String destination = mount.destination();
        if (!destination.startsWith("/") || Path.of(destination).normalize().equals(Path.of("/"))) {
            throw Failures.invalid("container " + container + ": a volume cannot be mounted on \"" + destination
                    + "\"; its path must be absolute and below /");
        }
        String layers = "mount.layer." + index;
        Object source =
                switch (mount.source()) {
                    case HostPath(Path path, String _) -> path.toAbsolutePath();
                    case ImageLayers _ -> layers;
                };
        if (mount.source() instanceof ImageLayers image) {
            spec.all(layers, image.layers());
        }
        spec.add("mount", source)
                .add("mount.sub", mount.source().subPath())
                .add("mount.to", destination)
                .add("mount.options", String.join(",", options(mount)));
    }

    private static List<String> options(Mount mount) {
        List<String> options = new ArrayList<>();
        options.add(
                switch (mount.access()) {
                    case READ_WRITE -> "rw";
                    case READ_ONLY -> "ro";
                    case READ_ONLY_WITH_ALL_BELOW -> "rro";
                });
        options.add(
                switch (mount.propagation()) {
                    case PRIVATE -> "private";
                    case FROM_HOST -> "slave";
                    case BOTH_WAYS -> "shared";
                });
        options.add(mount.idmapped() ? "idmap" : "plain");
        if (mount.source() instanceof ImageLayers) {
            options.add("layers");
        }
        return options;
    }
}
