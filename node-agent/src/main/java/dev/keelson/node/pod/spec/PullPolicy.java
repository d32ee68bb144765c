package dev.keelson.node.pod.spec;

/** When an image is fetched before a container starts; names as in {@code imagePullPolicy}. */
public enum PullPolicy {
    ALWAYS,
    IF_NOT_PRESENT,
    NEVER;

    /** Reads the field; an empty one follows the rule of the API's defaulting: {@code :latest} is always pulled. */
    public static PullPolicy parse(String value, String image) {
        return switch (value) {
            case "Always" -> ALWAYS;
            case "Never" -> NEVER;
            case "IfNotPresent" -> IF_NOT_PRESENT;
            default -> tagIsLatest(image) ? ALWAYS : IF_NOT_PRESENT;
        };
    }

    private static boolean tagIsLatest(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        return !name.contains("@") && (!name.contains(":") || name.endsWith(":latest"));
    }
}
