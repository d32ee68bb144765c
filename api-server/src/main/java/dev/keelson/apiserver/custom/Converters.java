package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** The converters for what {@code spec.conversion} of a definition asks for. */
public final class Converters {
    private Converters() {}

    public static Function<JsonNode, Converter> of(Vertx vertx) {
        return conversion -> Converter.NONE;
    }
}
