package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image.ImageConfig;
import io.fabric8.kubernetes.api.model.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a container runs: {@code command} replaces the image's entrypoint <em>and</em> its arguments, {@code args}
 * replaces only the arguments (Kubernetes: "Define a Command and Arguments for a Container").
 */
final class CommandLine {
    private CommandLine() {}

    static List<String> of(Container container, ImageConfig image, Map<String, String> env) {
        List<String> command = expand(container.getCommand(), env);
        List<String> args = expand(container.getArgs(), env);
        List<String> line = new ArrayList<>(command.isEmpty() ? image.entrypoint() : command);
        line.addAll(args.isEmpty() && command.isEmpty() ? image.cmd() : args);
        if (line.isEmpty()) {
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "CreateContainerConfigError",
                    "container \"%s\": no command specified, and image \"%s\" names none: set command"
                            .formatted(container.getName(), container.getImage()));
        }
        return line;
    }

    private static List<String> expand(List<String> words, Map<String, String> env) {
        return words.stream().map(word -> Expansion.expand(word, env)).toList();
    }
}
