package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What valid mounts of volumes into a container are, and valid block devices in it. */
final class MountRules {
    private static final List<String> PROPAGATIONS = List.of("Bidirectional", "HostToContainer", "None");
    private static final List<String> RECURSIVE = List.of("Disabled", "Enabled", "IfPossible");

    private MountRules() {}

    /** @param volumes the pod's volumes by name */
    static void validate(JsonNode container, String path, Map<String, JsonNode> volumes, Problems problems) {
        mounts(container, path + ".volumeMounts", volumes, problems);
        devices(container, path + ".volumeDevices", volumes, problems);
    }

    private static void mounts(JsonNode container, String path, Map<String, JsonNode> volumes, Problems problems) {
        Set<String> devices = texts(container.path("volumeDevices"), "name");
        Set<String> devicePaths = texts(container.path("volumeDevices"), "devicePath");
        Set<String> paths = new HashSet<>();
        Tree.items(container.path("volumeMounts"), path).forEach(item -> {
            JsonNode mount = item.value();
            String name = Tree.text(mount, "name");
            named(item, volumes, problems);
            String place = Tree.text(mount, "mountPath");
            problems.requireText(item.path(), mount, "mountPath", "");
            if (!paths.add(place)) {
                problems.invalid(item.path() + ".mountPath", place, "must be unique");
            }
            if (devices.contains(name)) {
                problems.invalid(item.path() + ".name", name, "must not already exist in volumeDevices");
            }
            if (devicePaths.contains(place)) {
                problems.invalid(
                        item.path() + ".mountPath", place, "must not already exist as a path in volumeDevices");
            }
            subPaths(item, path, problems);
            propagation(mount, path, Tree.isTrue(container, "securityContext", "privileged"), problems);
            recursion(mount, path, problems);
        });
    }

    private static void named(Tree.Item item, Map<String, JsonNode> volumes, Problems problems) {
        String name = Tree.text(item.value(), "name");
        problems.requireText(item.path(), item.value(), "name", "");
        if (!volumes.containsKey(name)) {
            problems.notFound(item.path() + ".name", name);
        }
    }

    /** @param list of the mounts: Kubernetes names it, not the one of them, where such fields are wrong */
    private static void subPaths(Tree.Item item, String list, Problems problems) {
        JsonNode mount = item.value();
        VolumeRules.relativePath(list + ".subPath", mount.path("subPath"), problems);
        if (Tree.has(mount, "subPath") && Tree.has(mount, "subPathExpr")) {
            problems.invalid(
                    item.path() + ".subPathExpr",
                    mount.path("subPathExpr"),
                    "subPathExpr and subPath are mutually exclusive");
        }
        VolumeRules.relativePath(list + ".subPathExpr", mount.path("subPathExpr"), problems);
    }

    private static void propagation(JsonNode mount, String list, boolean privileged, Problems problems) {
        JsonNode wanted = mount.path("mountPropagation");
        problems.oneOf(list + ".mountPropagation", wanted, PROPAGATIONS);
        if (wanted.asText("").equals("Bidirectional") && !privileged) {
            problems.forbidden(
                    list + ".mountPropagation",
                    "Bidirectional mount propagation is available only to privileged containers");
        }
    }

    private static void recursion(JsonNode mount, String list, Problems problems) {
        String field = list + ".recursiveReadOnly";
        problems.oneOf(field, mount.path("recursiveReadOnly"), RECURSIVE);
        if (!List.of("Enabled", "IfPossible").contains(Tree.text(mount, "recursiveReadOnly"))) {
            return;
        }
        if (!Tree.isTrue(mount, "readOnly")) {
            problems.forbidden(field, "may only be specified when readOnly is true");
        }
        if (!List.of("", "None").contains(Tree.text(mount, "mountPropagation"))) {
            problems.forbidden(field, "may only be specified when mountPropagation is None or not specified");
        }
    }

    private static void devices(JsonNode container, String path, Map<String, JsonNode> volumes, Problems problems) {
        Set<String> mounts = texts(container.path("volumeMounts"), "name");
        Set<String> mountPaths = texts(container.path("volumeMounts"), "mountPath");
        Set<String> names = new HashSet<>();
        Set<String> paths = new HashSet<>();
        Tree.items(container.path("volumeDevices"), path).forEach(item -> {
            String name = Tree.text(item.value(), "name");
            String field = item.path() + ".name";
            named(item, volumes, problems);
            if (volumes.containsKey(name) && !mayBeBlock(volumes.get(name))) {
                problems.invalid(
                        field,
                        name,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            if (!name.isEmpty() && !names.add(name)) {
                problems.invalid(field, name, "must be unique");
            }
            if (mounts.contains(name)) {
                problems.invalid(field, name, "must not already exist in volumeMounts");
            }
            devicePath(item, paths, mountPaths, problems);
        });
    }

    private static void devicePath(Tree.Item item, Set<String> paths, Set<String> mountPaths, Problems problems) {
        String place = Tree.text(item.value(), "devicePath");
        String field = item.path() + ".devicePath";
        if (place.isEmpty()) {
            problems.required(field, "");
        } else if (List.of(place.split("/", -1)).contains("..")) {
            problems.invalid(field, place, "can not contain backsteps ('..')");
        } else if (!paths.add(place)) {
            problems.invalid(field, place, "must be unique");
        }
        if (mountPaths.contains(place)) {
            problems.invalid(field, place, "must not already exist as a path in volumeMounts");
        }
    }

    private static boolean mayBeBlock(JsonNode volume) {
        return volume.path("persistentVolumeClaim").isObject()
                || volume.path("ephemeral").isObject();
    }

    private static Set<String> texts(JsonNode list, String field) {
        return list.valueStream()
                .map(entry -> Tree.text(entry, field))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toSet());
    }
}
