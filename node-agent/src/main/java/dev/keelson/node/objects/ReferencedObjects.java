package dev.keelson.node.objects;

import dev.keelson.crds.client.TokenRequest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;

/**
 * The objects that pods of this node name in their specs. A pod that asks for one is told when it changes, until it is
 * released. Reads block only the first time; they fail with a {@code TRANSIENT} NodeException while the API server is
 * away and nothing is cached.
 */
public interface ReferencedObjects {

    /** Empty when there is no such object. */
    Optional<ConfigMap> configMap(String podUid, String namespace, String name);

    /** Empty when there is no such object. */
    Optional<Secret> secret(String podUid, String namespace, String name);

    /** A token of the pod's service account that is good for a while yet; version changes when it is time for the next. */
    String token(TokenRequest wanted);

    /** Services of a namespace, from memory. */
    List<Service> services(String namespace);

    /** The {@code handler} of a RuntimeClass; empty when there is no such class. */
    Optional<String> runtimeHandler(String runtimeClass);

    /** Changes whenever an object that the pod has asked for changes; never blocks. */
    String version(String podUid);

    /** The pod no longer needs to hear of anything. */
    void release(String podUid);
}
