package dev.keelson.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.custom.CustomOpenApi;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler.PathRequest;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiHandlerTest {
    private static final Pattern APPS = Pattern.compile("\"(/openapi/v3/apis/apps/v1)\\?hash=([0-9A-F]+)\"");
    private final OpenApiHandler openApi = new OpenApiHandler(
            new Schemas(),
            new CustomOpenApi(new ResourceRegistry(BuiltinKinds.list())),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));

    private Reply get(String path, String query, String known) {
        return get(path, query, known, "");
    }

    private Reply get(String path, String query, String known, String accept) {
        return openApi.answer(new PathRequest(path, QueryParameters.parse(query), accept, known, false))
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "/openapi/v3/apis/apps/v1, application/com.github.proto-openapi.spec.v3@v1.0+protobuf, 406",
        "/openapi/v3/apis/apps/v1, 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf, application/json', 200",
        "/openapi/v3/apis/apps/v1, application/*, 200",
        "/openapi/v3, text/html, 200",
        "/openapi/v2, text/html, 406",
        "/openapi/v2, application/com.github.proto-openapi.spec.v2@v1.0+protobuf, 200",
        "/openapi/v2, '*/*;q=0.1', 200"
    })
    void whoReadsNothingOfWhatIsWrittenIsToldSo(String path, String accept, int code) {
        assertThat(get(path, "", "", accept).code()).isEqualTo(code);
    }

    @Test
    void anAddressWithAHashIsGoodForAYearOrLeadsToThePresentOne() {
        String index = new String(get("/openapi/v3", "", "").body().bytes(), StandardCharsets.UTF_8);
        Matcher apps = APPS.matcher(index);
        assertThat(apps.find()).isTrue();
        String path = apps.group(1);
        String hash = apps.group(2);

        assertThat(get(path, "hash=" + hash, "").headers())
                .containsEntry("Cache-Control", "public, immutable")
                .containsEntry("Expires", "Sat, 02 Jan 2027 03:04:05 GMT")
                .containsEntry("Vary", "Accept, Accept-Encoding");
        Reply old = get(path, "hash=ABC", "");
        assertThat(old.code()).isEqualTo(301);
        assertThat(old.headers()).containsEntry("Location", path + "?hash=" + hash);
        assertThat(get(path, "", "").headers()).doesNotContainKey("Expires").containsEntry("ETag", "\"" + hash + "\"");
        assertThat(get(path, "", "\"" + hash + "\"").code()).isEqualTo(304);
    }
}
