package dev.keelson.node;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.PatchType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Lets a fake server that merges plainly take the agent's strategic patches: where the agent is the only writer of a
 * status, both mean the same.
 */
public final class StatusPatches {
    private StatusPatches() {}

    public static ApiClient plainly(ApiClient client) {
        return (ApiClient) Proxy.newProxyInstance(
                ApiClient.class.getClassLoader(), new Class<?>[] {ApiClient.class}, (_, method, arguments) -> {
                    Object[] passed = arguments == null ? new Object[0] : arguments.clone();
                    for (int i = 0; i < passed.length; i++) {
                        passed[i] = passed[i] == PatchType.STRATEGIC_MERGE ? PatchType.MERGE : passed[i];
                    }
                    try {
                        return method.invoke(client, passed);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
