package dev.keelson.apiserver.auth;

/**
 * What is asked for. Either a resource or, with {@code resource} empty, a plain path.
 *
 * @param name empty when the request is about a collection
 */
public record Attributes(
        User user,
        String verb,
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path) {

    public static Attributes ofPath(User user, String verb, String path) {
        return new Attributes(user, verb, "", "", "", "", "", "", path);
    }

    /** The same about one object. */
    public Attributes named(String object) {
        return new Attributes(user, verb, group, version, resource, subresource, namespace, object, path);
    }

    public boolean isResource() {
        return !resource.isEmpty();
    }

    /** {@code pods/log} as it stands in messages and rules. */
    public String resourceWithSubresource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
}
