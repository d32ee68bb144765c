package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.User;

/**
 * What a request is about, read from its method and path alone (the Kubernetes API server's RequestInfo).
 *
 * @param verb Kubernetes' verb: {@code get list watch create update patch delete deletecollection}, or the method in
 *     lower case for a path that is no resource
 * @param path the decoded path
 * @param resource plural name; empty when the path is no resource
 * @param namespace for a Namespace object, its own name, as Kubernetes has it
 * @param rest what follows the subresource, as it was sent, for proxies
 */
public record RequestInfo(
        String verb,
        String path,
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        String rest) {

    public static RequestInfo ofPath(String verb, String path) {
        return new RequestInfo(verb, path, "", "", "", "", "", "", "");
    }

    public boolean isResource() {
        return !resource.isEmpty();
    }

    /** The same, as if it had been asked for with another verb. */
    public RequestInfo as(String otherVerb) {
        return new RequestInfo(otherVerb, path, group, version, namespace, resource, name, subresource, rest);
    }

    public Attributes attributes(User user) {
        return isResource()
                ? new Attributes(user, verb, group, version, resource, subresource, namespace, name, path)
                : Attributes.ofPath(user, verb, path);
    }
}
