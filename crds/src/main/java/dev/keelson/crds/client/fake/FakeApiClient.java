package dev.keelson.crds.client.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiException.Kind;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ObjectList;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.Revisions;
import dev.keelson.crds.client.TokenRequest;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.io.IOException;
import java.time.Instant;

/** {@link ApiClient} against a {@link FakeApiServer} in the same process. Of the patch formats it speaks merge only. */
public final class FakeApiClient implements ApiClient {
    private final FakeApiServer server;

    FakeApiClient(FakeApiServer server) {
        this.server = server;
    }

    @Override
    public <T extends HasMetadata> T get(ResourceType<T> type, String namespace, String name) {
        return read(server.get(type, new ObjectKey(namespace, name)), type);
    }

    @Override
    public <T extends HasMetadata> ObjectList<T> list(ResourceType<T> type, String namespace, ListOptions options) {
        synchronized (server) {
            return new ObjectList<>(
                    Long.toString(server.revision()),
                    server.list(type, namespace, options).stream()
                            .map(object -> read(object, type, options))
                            .toList());
        }
    }

    @Override
    public <T extends HasMetadata> FakeWatch<T> watch(
            ResourceType<T> type, String namespace, ListOptions options, String resourceVersion) {
        return new FakeWatch<>(server, type, namespace, options, Revisions.parse(resourceVersion));
    }

    @Override
    public <T extends HasMetadata> T create(ResourceType<T> type, T object) {
        return read(server.create(type, write(object)), type);
    }

    @Override
    public <T extends HasMetadata> T update(ResourceType<T> type, T object) {
        FakeObject wanted = write(object);
        return modify(type, wanted, before -> {
            wanted.tree().set("status", before.tree().get("status"));
            if (before.tree().get("status") == null) {
                wanted.tree().remove("status");
            }
            return wanted;
        });
    }

    @Override
    public <T extends HasMetadata> T updateSubresource(ResourceType<T> type, T object, String subresource) {
        FakeObject wanted = write(object);
        return modify(type, wanted, before -> {
            String path = subresource.equals("finalize") ? "spec" : subresource;
            before.tree().set(path, wanted.tree().get(path));
            return before;
        });
    }

    private <T extends HasMetadata> T modify(
            ResourceType<T> type, FakeObject wanted, java.util.function.UnaryOperator<FakeObject> change) {
        ObjectKey key = new ObjectKey(wanted.meta("namespace"), wanted.meta("name"));
        return read(server.modify(type, key, wanted.meta("resourceVersion"), change), type);
    }

    @Override
    public <T extends HasMetadata> T patch(
            ResourceType<T> type, String namespace, String name, String subresource, PatchType patchType, byte[] body) {
        if (patchType != PatchType.MERGE) {
            throw new ApiException(Kind.INVALID, 415, "the fake server speaks merge patches only");
        }
        ObjectNode patch = parse(body);
        String expected = patch.path("metadata").path("resourceVersion").asText("");
        FakeObject changed = server.modify(type, new ObjectKey(namespace, name), expected, before -> {
            ObjectNode target = before.tree();
            JsonNode status = target.get("status");
            if (subresource.isEmpty()) {
                merge(target, patch);
                target.set("status", status);
                if (status == null) {
                    target.remove("status");
                }
            } else {
                merge(target.withObject("/" + subresource), patch.withObject("/" + subresource));
            }
            return before;
        });
        return read(changed, type);
    }

    /** RFC 7396. */
    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode nested) {
                if (!(target.get(field.getKey()) instanceof ObjectNode)) {
                    target.putObject(field.getKey());
                }
                merge((ObjectNode) target.get(field.getKey()), nested);
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }

    @Override
    public Status delete(ResourceType<?> type, String namespace, String name, DeleteOptions options) {
        server.delete(type, new ObjectKey(namespace, name), options);
        return new StatusBuilder().withStatus("Success").withCode(200).build();
    }

    @Override
    public void bind(String namespace, String podName, String podUid, String nodeName) {
        server.modify(ResourceType.PODS, new ObjectKey(namespace, podName), "", pod -> {
            String bound = pod.tree().at("/spec/nodeName").asText("");
            if (!bound.isEmpty() || pod.deleting()) {
                throw new ApiException(
                        Kind.CONFLICT, 409, "pod %s is already assigned to node \"%s\"".formatted(podName, bound));
            }
            if (!podUid.isEmpty() && !podUid.equals(pod.meta("uid"))) {
                throw new ApiException(Kind.CONFLICT, 409, "the UID in the binding is not that of pod " + podName);
            }
            pod.tree().withObject("/spec").put("nodeName", nodeName);
            return pod;
        });
    }

    /** A token that says whose it is; it never ends. */
    @Override
    public TokenRequest.Issued requestToken(TokenRequest wanted) {
        get(ResourceType.SERVICE_ACCOUNTS, wanted.namespace(), wanted.account());
        return new TokenRequest.Issued(
                "token of %s/%s for %s".formatted(wanted.namespace(), wanted.account(), wanted.podUid()),
                Instant.parse("2999-01-01T00:00:00Z"));
    }

    /** As {@link #read(FakeObject, ResourceType)}, reduced to what the options ask for. */
    static <T extends HasMetadata> T read(FakeObject object, ResourceType<T> type, ListOptions options) {
        return read(options.metadataOnly() ? object.metadataOnly() : object, type);
    }

    static <T extends HasMetadata> T read(FakeObject object, ResourceType<T> type) {
        try {
            return ApiJson.mapper().treeToValue(object.tree(), type.type());
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static FakeObject write(HasMetadata object) {
        return new FakeObject(ApiJson.mapper().valueToTree(object));
    }

    private static ObjectNode parse(byte[] body) {
        try {
            return (ObjectNode) ApiJson.mapper().readTree(body);
        } catch (IOException | ClassCastException unreadable) {
            throw new ApiException(Kind.INVALID, "a merge patch is a JSON object", unreadable);
        }
    }

    @Override
    public void close() {}
}
