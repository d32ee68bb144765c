package dev.keelson.crds.client;

/** Which objects a list or watch returns; empty selectors select everything. */
public record ListOptions(String labelSelector, String fieldSelector) {
    public static final ListOptions ALL = new ListOptions("", "");

    public static ListOptions fields(String fieldSelector) {
        return new ListOptions("", fieldSelector);
    }

    public static ListOptions labels(String labelSelector) {
        return new ListOptions(labelSelector, "");
    }
}
