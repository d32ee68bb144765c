package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.oci.Digest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The full name of an image: {@code registry/repository[:tag][@digest]}.
 *
 * <p>Short names mean what they mean to Docker and Kubernetes: {@code web} is {@code docker.io/library/web:latest}. The
 * grammar is that of the distribution project's reference format.
 *
 * @param registry host, or {@code host:port}
 * @param repository path below the registry, lower-case
 * @param tag empty only when there is a digest
 * @param digest wins over the tag where both are given
 */
public record ImageReference(String registry, String repository, String tag, Optional<Digest> digest) {
    private static final String DEFAULT_REGISTRY = "docker.io";
    private static final int MAX_NAME = 255;
    private static final Pattern REGISTRY = Pattern.compile("(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
            + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");

    /** Reads a short or full name; {@code INVALID} with reason {@code InvalidImageName} says which part is wrong. */
    public static ImageReference parse(String text) {
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(digest(text, rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        String tag = "";
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
            if (!TAG.matcher(tag).matches()) {
                throw invalid(text, "the tag must be 1 to 128 of A-Z a-z 0-9 _ . - and not begin with . or -");
            }
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = "latest";
        }
        return named(text, rest, tag, digest);
    }

    /** The same image repository with another name for the version. */
    public ImageReference withDigest(Digest other) {
        return new ImageReference(registry, repository, "", Optional.of(other));
    }

    /** Registry and repository, without tag or digest. */
    public String name() {
        return registry + "/" + repository;
    }

    /** What a registry is asked for: the digest, or else the tag. */
    public String version() {
        return digest.map(Digest::toString).orElse(tag);
    }

    @Override
    public String toString() {
        return name()
                + (tag.isEmpty() ? "" : ":" + tag)
                + digest.map(d -> "@" + d).orElse("");
    }

    private static ImageReference named(String text, String name, String tag, Optional<Digest> digest) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean hasRegistry = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
        String registry = hasRegistry ? first : DEFAULT_REGISTRY;
        String repository = hasRegistry ? name.substring(slash + 1) : name;
        if (registry.equals("index.docker.io")) {
            registry = DEFAULT_REGISTRY;
        }
        if (registry.equals(DEFAULT_REGISTRY) && !repository.contains("/")) {
            repository = "library/" + repository;
        }
        if (!REGISTRY.matcher(registry).matches()) {
            throw invalid(text, "\"" + registry + "\" is not a registry host such as reg.example:5000");
        }
        for (String component : repository.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                throw invalid(
                        text,
                        "the name must be lower-case letters and digits, separated by . _ __ - or /, such as team/web");
            }
        }
        if (registry.length() + 1 + repository.length() > MAX_NAME) {
            throw invalid(text.substring(0, 60) + "…", "a name has at most " + MAX_NAME + " characters");
        }
        return new ImageReference(registry, repository, tag, digest);
    }

    private static Digest digest(String text, String digest) {
        try {
            return Digest.parse(digest);
        } catch (NodeException e) {
            throw invalid(text, e.getMessage());
        }
    }

    private static NodeException invalid(String text, String why) {
        return ImageErrors.invalidName("\"%s\" is not an image name: %s".formatted(text, why));
    }
}
