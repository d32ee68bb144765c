package dev.keelson.node.image.registry;

import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.RegistryAuth;
import java.util.Comparator;
import java.util.List;

/**
 * Which of a pod's registry credentials are for an image. Keys of {@code .dockerconfigjson} are hosts, URLs or hosts
 * with a path, and a label of the host may hold a {@code *} (Kubernetes, "Using a private registry").
 */
final class CredentialMatch {
    private CredentialMatch() {}

    /** The fitting ones, the most specific first; equal ones keep their order. */
    static List<RegistryAuth> choose(ImageReference reference, List<RegistryAuth> credentials) {
        return choose(reference.registry(), reference.repository(), credentials);
    }

    /** @param host that is asked: the image's registry, or a mirror */
    static List<RegistryAuth> choose(String host, String repository, List<RegistryAuth> credentials) {
        return credentials.stream()
                .filter(auth -> fits(key(auth.registry()), host, repository))
                .sorted(Comparator.comparingInt(
                                (RegistryAuth auth) -> key(auth.registry()).length())
                        .reversed())
                .toList();
    }

    private static boolean fits(String key, String registry, String repository) {
        int slash = key.indexOf('/');
        String host = slash < 0 ? key : key.substring(0, slash);
        String path = slash < 0 ? "" : key.substring(slash + 1);
        boolean samePath = path.isEmpty() || repository.equals(path) || repository.startsWith(path + "/");
        return samePath && hostFits(host, registry);
    }

    private static boolean hostFits(String pattern, String host) {
        String[] wanted = pattern.split("[.:]", -1);
        String[] actual = host.split("[.:]", -1);
        if (wanted.length != actual.length || pattern.contains(":") != host.contains(":")) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!labelFits(wanted[i], actual[i])) {
                return false;
            }
        }
        return true;
    }

    /** A {@code *} stands for any part of one label. */
    private static boolean labelFits(String pattern, String label) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equalsIgnoreCase(label);
        }
        String before = pattern.substring(0, star);
        String after = pattern.substring(star + 1);
        return label.length() >= before.length() + after.length() && label.startsWith(before) && label.endsWith(after);
    }

    /** The key without scheme, and without the API version that Docker Hub's has for historical reasons. */
    private static String key(String registry) {
        String key = registry.replaceFirst("^https?://", "")
                .replaceFirst("/(v1|v2)/?$", "")
                .replaceFirst("/+$", "");
        return switch (key) {
            case "index.docker.io", "registry-1.docker.io" -> "docker.io";
            default -> key;
        };
    }
}
