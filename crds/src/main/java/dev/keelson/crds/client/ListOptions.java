package dev.keelson.crds.client;

/**
 * What of a collection is wanted; an empty selector selects everything.
 *
 * @param metadataOnly whether objects come without spec, status and data ({@code PartialObjectMetadata} of {@code
 *     meta.k8s.io/v1}); such objects name that as their kind and must never be written back
 */
public record ListOptions(String labelSelector, String fieldSelector, boolean metadataOnly) {
    public static final ListOptions ALL = new ListOptions("", "", false);
    public static final ListOptions ALL_METADATA = new ListOptions("", "", true);

    public static ListOptions fields(String fieldSelector) {
        return new ListOptions("", fieldSelector, false);
    }

    public static ListOptions labels(String labelSelector) {
        return new ListOptions(labelSelector, "", false);
    }
}
