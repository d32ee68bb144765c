package dev.keelson.node;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.TokenRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets tokens of a fake server differ and end when they were asked to; its own are all alike and never end. */
final class CountedTokens {
    private CountedTokens() {}

    static ApiClient of(ApiClient client) {
        AtomicInteger issued = new AtomicInteger();
        return (ApiClient) Proxy.newProxyInstance(
                ApiClient.class.getClassLoader(), new Class<?>[] {ApiClient.class}, (_, method, arguments) -> {
                    try {
                        Object answer = method.invoke(client, arguments);
                        return answer instanceof TokenRequest.Issued token
                                ? new TokenRequest.Issued(
                                        token.token() + " no. " + issued.incrementAndGet(),
                                        Instant.now().plus(((TokenRequest) arguments[0]).life()))
                                : answer;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
