package dev.keelson.controllers.simulation;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectList;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import java.util.function.Supplier;

/** A client whose writes fail as the network and the process can: before they happen, after, or by the process's death. */
final class FaultyClient implements ApiClient {

    /** The process dies at this point; nothing that it knew survives. */
    static final class Crash extends Error {
        Crash() {
            super("simulated crash", null, false, false);
        }
    }

    /** What happens to the next write. */
    enum Fault {
        NONE,
        LOST_REQUEST,
        LOST_ANSWER,
        CRASH_BEFORE,
        CRASH_AFTER
    }

    private final ApiClient behind;
    private final Supplier<Fault> faults;
    private final Runnable afterWrite;

    FaultyClient(ApiClient behind, Supplier<Fault> faults, Runnable afterWrite) {
        this.behind = behind;
        this.faults = faults;
        this.afterWrite = afterWrite;
    }

    private <T> T write(Supplier<T> call) {
        Fault fault = faults.get();
        if (fault == Fault.CRASH_BEFORE) {
            throw new Crash();
        }
        if (fault == Fault.LOST_REQUEST) {
            throw new ApiException(ApiException.Kind.TRANSIENT, 0, "simulated: request lost");
        }
        T answer = call.get();
        afterWrite.run();
        if (fault == Fault.CRASH_AFTER) {
            throw new Crash();
        }
        if (fault == Fault.LOST_ANSWER) {
            throw new ApiException(ApiException.Kind.TRANSIENT, 0, "simulated: answer lost");
        }
        return answer;
    }

    @Override
    public <T extends HasMetadata> T get(ResourceType<T> type, String namespace, String name) {
        return behind.get(type, namespace, name);
    }

    @Override
    public <T extends HasMetadata> ObjectList<T> list(ResourceType<T> type, String namespace, ListOptions options) {
        return behind.list(type, namespace, options);
    }

    @Override
    public <T extends HasMetadata> Watch<T> watch(
            ResourceType<T> type, String namespace, ListOptions options, String resourceVersion) {
        return behind.watch(type, namespace, options, resourceVersion);
    }

    @Override
    public <T extends HasMetadata> T create(ResourceType<T> type, T object) {
        return write(() -> behind.create(type, object));
    }

    @Override
    public <T extends HasMetadata> T update(ResourceType<T> type, T object) {
        return write(() -> behind.update(type, object));
    }

    @Override
    public <T extends HasMetadata> T updateSubresource(ResourceType<T> type, T object, String subresource) {
        return write(() -> behind.updateSubresource(type, object, subresource));
    }

    @Override
    public <T extends HasMetadata> T patch(
            ResourceType<T> type, String namespace, String name, String subresource, PatchType patchType, byte[] body) {
        return write(() -> behind.patch(type, namespace, name, subresource, patchType, body));
    }

    @Override
    public Status delete(ResourceType<?> type, String namespace, String name, DeleteOptions options) {
        return write(() -> behind.delete(type, namespace, name, options));
    }

    @Override
    public void bind(String namespace, String podName, String podUid, String nodeName) {
        write(() -> {
            behind.bind(namespace, podName, podUid, nodeName);
            return true;
        });
    }

    @Override
    public dev.keelson.crds.client.TokenRequest.Issued requestToken(dev.keelson.crds.client.TokenRequest request) {
        return behind.requestToken(request);
    }

    @Override
    public void close() {}
}
