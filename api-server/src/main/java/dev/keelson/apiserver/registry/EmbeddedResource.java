package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A resource that is a part of an object, such as a template ({@code x-kubernetes-embedded-resource}).
 *
 * @param path at which it stands
 */
public record EmbeddedResource(String path, ObjectNode object) {
    /** What its kind and version are told when they are anything else. */
    public static final String NO_TEXT = "must be a string";

    /** The path of one of its fields. */
    public String field(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
