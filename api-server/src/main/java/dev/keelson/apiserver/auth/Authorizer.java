package dev.keelson.apiserver.auth;

/** Decides whether a user may do something. Called on an event loop: it must not wait. */
public interface Authorizer {

    Decision authorize(Attributes attributes);

    /** @param reason words for the client; may be empty */
    record Decision(boolean allowed, String reason) {
        public static final Decision ALLOWED = new Decision(true, "");
        public static final Decision NO_OPINION = new Decision(false, "");
    }

    /**
     * What is asked for. Either a resource or, with {@code resource} empty, a plain path.
     *
     * @param name empty when the request is about a collection
     */
    record Attributes(
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

        public boolean isResource() {
            return !resource.isEmpty();
        }

        /** {@code pods/log} as it stands in messages and rules. */
        public String resourceWithSubresource() {
            return subresource.isEmpty() ? resource : resource + "/" + subresource;
        }
    }
}
