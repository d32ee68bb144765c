package dev.keelson.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler.PathRequest;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryHandlerTest {
    private static final String AGGREGATED = "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private final DiscoveryHandler discovery =
            new DiscoveryHandler(new ResourceRegistry(BuiltinKinds.list()), List.of(), "10.0.0.1:6443");

    private Reply get(String path, String accept) {
        return discovery
                .answer(new PathRequest(path, QueryParameters.parse(""), accept, "", false))
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "/apis | '' | application/json | \"kind\":\"APIGroupList\"",
                "/apis | */* | application/json | \"kind\":\"APIGroupList\"",
                "/apis | application/vnd.kubernetes.protobuf, */* | application/json | \"kind\":\"APIGroupList\"",
                "/apis | application/yaml | application/yaml | kind: \"APIGroupList\"",
                "/apis/apps/v1 | application/yaml | application/yaml | kind: \"APIResourceList\"",
                "/api | text/html, application/xml;q=0.9, */*;q=0.8 | application/json | \"kind\":\"APIVersions\"",
                "/apis | application/json;" + AGGREGATED + " | application/json;" + AGGREGATED
                        + " | \"kind\":\"APIGroupDiscoveryList\"",
                "/apis | application/json;v=v9;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList, application/json"
                        + " | application/json | \"kind\":\"APIGroupList\""
            })
    void documentsComeAsTheClientReadsThem(String path, String accept, String type, String text) {
        Reply reply = get(path, accept);
        assertThat(reply.contentType()).isEqualTo(type);
        assertThat(new String(reply.body().bytes(), StandardCharsets.UTF_8)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/json;as=Table;g=meta.k8s.io;v=v1",
                "application/vnd.kubernetes.protobuf"
            })
    void whoReadsNoneOfThemIsToldSo(String accept) {
        assertThatThrownBy(() -> get("/apis", accept))
                .hasMessageContaining("only the following media types are accepted");
    }
}
