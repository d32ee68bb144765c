package dev.keelson.apiserver.patch;

/**
 * Who writes.
 *
 * @param manager the request's {@code fieldManager}, or the first word of its User-Agent
 * @param subresource the part that is written, such as {@code status}; empty for the object itself
 */
public record FieldOwner(String manager, String subresource) {

    public static FieldOwner of(String manager) {
        return new FieldOwner(manager, "");
    }
}
