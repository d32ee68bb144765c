package dev.keelson.crds.client;

/** What of a collection is wanted; an empty selector selects everything. */
public record ListOptions(String labelSelector, String fieldSelector, Detail detail) {

    /** How much of each object comes. */
    public enum Detail {
        WHOLE,
        /**
         * Without spec, status and data ({@code PartialObjectMetadata} of {@code meta.k8s.io/v1}). Such objects name that as
         * their kind and must never be written back.
         */
        METADATA,
        /**
         * As above, and a watch need not tell of changes that leave metadata as it was but for its resourceVersion, generation
         * and managedFields: those of an object at hand may be old.
         */
        METADATA_CHANGES
    }

    public static final ListOptions ALL = new ListOptions("", "", Detail.WHOLE);
    public static final ListOptions ALL_METADATA = new ListOptions("", "", Detail.METADATA);
    public static final ListOptions ALL_METADATA_CHANGES = new ListOptions("", "", Detail.METADATA_CHANGES);

    public static ListOptions fields(String fieldSelector) {
        return new ListOptions("", fieldSelector, Detail.WHOLE);
    }

    public static ListOptions labels(String labelSelector) {
        return new ListOptions(labelSelector, "", Detail.WHOLE);
    }

    public boolean metadataOnly() {
        return detail != Detail.WHOLE;
    }
}
