package dev.keelson.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.keelson.apiserver.schema.Schemas;
import org.junit.jupiter.api.Test;

/** Field numbers are those of gnostic's {@code openapi.v2} messages. */
class OpenApiProtobufTest {
    @Test
    void theWholeDocumentIsWrittenWithItsDefinitions() throws InvalidProtocolBufferException {
        byte[] json = new Schemas().openApiV2().plain();
        UnknownFieldSet document = UnknownFieldSet.parseFrom(OpenApiProtobuf.encode(json));
        assertThat(text(document, 1)).isEqualTo("2.0");
        UnknownFieldSet pod = named(message(document, 9), 1, "io.k8s.api.core.v1.Pod");
        assertThat(text(pod, 4)).contains("Pod is a collection of containers");
        assertThat(text(message(pod, 22), 1)).isEqualTo("object");
        assertThat(text(named(message(pod, 25), 1, "spec"), 1)).isEqualTo("#/definitions/io.k8s.api.core.v1.PodSpec");
        UnknownFieldSet extension = message(pod, 31);
        assertThat(text(extension, 1)).isEqualTo("x-kubernetes-group-version-kind");
        assertThat(text(message(extension, 2), 2)).contains("\"kind\":\"Pod\"");
    }

    @Test
    void anOperationHasItsParametersByName() throws InvalidProtocolBufferException {
        byte[] bytes = OpenApiProtobuf.encode("""
                {"swagger":"2.0","paths":{"/p":{"patch":{"operationId":"x","parameters":
                 [{"name":"dryRun","in":"query","type":"string"}],"x-kubernetes-group-version-kind":{"kind":"K"}}}}}""".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        UnknownFieldSet patch = message(named(message(UnknownFieldSet.parseFrom(bytes), 8), 2, "/p"), 8);
        assertThat(text(patch, 5)).isEqualTo("x");
        assertThat(text(message(message(message(message(patch, 8), 1), 2), 3), 4))
                .isEqualTo("dryRun");
        assertThat(text(message(patch, 13), 1)).isEqualTo("x-kubernetes-group-version-kind");
    }

    private static UnknownFieldSet named(UnknownFieldSet map, int field, String name)
            throws InvalidProtocolBufferException {
        for (ByteString entry : map.getField(field).getLengthDelimitedList()) {
            UnknownFieldSet pair = UnknownFieldSet.parseFrom(entry);
            if (text(pair, 1).equals(name)) {
                return message(pair, 2);
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private static UnknownFieldSet message(UnknownFieldSet of, int field) throws InvalidProtocolBufferException {
        return UnknownFieldSet.parseFrom(
                of.getField(field).getLengthDelimitedList().getFirst());
    }

    private static String text(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().getFirst().toStringUtf8();
    }
}
