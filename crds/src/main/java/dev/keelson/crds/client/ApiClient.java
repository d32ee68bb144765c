package dev.keelson.crds.client;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;

/**
 * The Kubernetes API as the rest of Keelson uses it: blocking calls, meant for virtual threads.
 *
 * <p>Every call fails with {@link ApiException}; its kind alone decides whether the caller's loop tries again. An
 * empty namespace means "all namespaces" for list and watch, and "none" for cluster-scoped types.
 */
public interface ApiClient extends AutoCloseable {

    /** Reads one object; {@code NOT_FOUND} when there is none. */
    <T extends HasMetadata> T get(ResourceType<T> type, String namespace, String name);

    /** Lists objects at one consistent revision, without their managed fields. */
    <T extends HasMetadata> ObjectList<T> list(ResourceType<T> type, String namespace, ListOptions options);

    /**
     * Opens a watch that starts after {@code resourceVersion}. The stream ends (its iterator runs out) when the server
     * closes it; a 410 arrives as {@link ApiException} of kind {@code EXPIRED}.
     */
    <T extends HasMetadata> Watch<T> watch(
            ResourceType<T> type, String namespace, ListOptions options, String resourceVersion);

    /** Creates the object in the namespace that its metadata names; answers it as stored. */
    <T extends HasMetadata> T create(ResourceType<T> type, T object);

    /** Replaces the object; a set {@code resourceVersion} is a precondition ({@code CONFLICT} when stale). */
    <T extends HasMetadata> T update(ResourceType<T> type, T object);

    /**
     * Replaces one part of the object, such as {@code status} or a namespace's {@code finalize}; a set {@code
     * resourceVersion} is a precondition.
     */
    <T extends HasMetadata> T updateSubresource(ResourceType<T> type, T object, String subresource);

    /** Replaces the object's status subresource; a set {@code resourceVersion} is a precondition. */
    default <T extends HasMetadata> T updateStatus(ResourceType<T> type, T object) {
        return updateSubresource(type, object, "status");
    }

    /**
     * Patches one object or, with a non-empty {@code subresource}, one part of it.
     *
     * @param body the patch document in the media type of {@code patchType}
     */
    <T extends HasMetadata> T patch(
            ResourceType<T> type, String namespace, String name, String subresource, PatchType patchType, byte[] body);

    /** Deletes one object under the given preconditions, grace period and propagation policy. */
    Status delete(ResourceType<?> type, String namespace, String name, DeleteOptions options);

    /** Binds a pod to a node (the {@code binding} subresource). */
    void bind(String namespace, String podName, String podUid, String nodeName);

    /** Asks for a token (the {@code token} subresource of a service account). */
    TokenRequest.Issued requestToken(TokenRequest request);

    @Override
    void close();
}
