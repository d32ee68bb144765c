package dev.keelson.node.pod;

import dev.keelson.node.runtime.RuntimeService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.BiFunction;

/** Engines whose calls are done, and whose answers are not what they should be. */
final class Engines {
    private Engines() {}

    /** @param answer from a method's name and what it answered to what its caller gets, or a failure */
    static RuntimeService answering(
            RuntimeService engine, BiFunction<String, Optional<Object>, Optional<Object>> answer) {
        return (RuntimeService) Proxy.newProxyInstance(
                RuntimeService.class.getClassLoader(),
                new Class<?>[] {RuntimeService.class},
                (_, method, arguments) -> {
                    try {
                        Object given = method.invoke(engine, arguments);
                        return answer.apply(method.getName(), Optional.ofNullable(given))
                                .orElse(null);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
