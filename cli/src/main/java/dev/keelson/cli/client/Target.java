package dev.keelson.cli.client;

import dev.keelson.cli.CliException;
import java.util.ArrayList;
import java.util.List;

/** One object or a collection that the words of a command line name: {@code pods}, {@code pod web-1}, {@code deploy/web}. */
public record Target(Resources.Resource resource, String name) {

    /** Reads {@code TYPE[,TYPE] [NAME…]} or {@code TYPE/NAME…}. */
    public static List<Target> parse(List<String> words, Resources resources) {
        List<Target> targets = new ArrayList<>();
        if (words.getFirst().contains("/")) {
            for (String word : words) {
                int slash = word.indexOf('/');
                if (slash < 0) {
                    throw new CliException(
                            "\"%s\": give every object as TYPE/NAME, or one TYPE and then names".formatted(word));
                }
                targets.add(new Target(resources.named(word.substring(0, slash)), word.substring(slash + 1)));
            }
            return targets;
        }
        for (String type : words.getFirst().split(",")) {
            Resources.Resource resource = resources.named(type);
            List<String> names = words.size() == 1 ? List.of("") : words.subList(1, words.size());
            names.forEach(name -> targets.add(new Target(resource, name)));
        }
        return targets;
    }

    /** The one object that is meant; an error when the words name a whole collection or several objects. */
    public static Target one(List<String> words, Resources resources) {
        List<Target> targets = parse(words, resources);
        if (targets.size() != 1 || targets.getFirst().name().isEmpty()) {
            throw new CliException("name one object, as TYPE NAME or TYPE/NAME");
        }
        return targets.getFirst();
    }

    public String path(String namespace) {
        return resource.path(namespace, name);
    }
}
