package dev.keelson.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.AlwaysAllowed;
import dev.keelson.apiserver.auth.token.TokenVerdict;
import dev.keelson.apiserver.http.ApiServer;
import dev.keelson.apiserver.http.AuthParts;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Discovery as clients see it, document by document. {@code -Dgolden=write} writes the files anew; the
 * difference is then a matter of review.
 */
class DiscoveryGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/discovery");
    private static final Catalog CATALOG = Catalog.of(
            new ResourceRegistry(BuiltinKinds.list()),
            ApiServer.unstored(AuthParts.reviews(
                    new AlwaysAllowed(), (token, audiences) -> new TokenVerdict.Unknown(), "https://issuer")));

    @ParameterizedTest
    @ValueSource(strings = {"api", "apis", "apis-apps", "api-v1", "apis-apps-v1", "aggregated-api", "aggregated-apis"})
    void documentIsAsItWas(String name) throws IOException {
        String now = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document(name)) + "\n";
        Path file = GOLDEN.resolve(name + ".json");
        if ("write".equals(System.getProperty("golden"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, now);
        }
        assertThat(now).isEqualTo(Files.readString(file));
    }

    private static ObjectNode document(String name) {
        return switch (name) {
            case "api" -> DiscoveryDocuments.coreVersions(CATALOG, "10.0.0.1:6443");
            case "apis" -> DiscoveryDocuments.groups(CATALOG);
            case "apis-apps" -> DiscoveryDocuments.group(CATALOG, "apps").orElseThrow();
            case "api-v1" -> DiscoveryDocuments.resources(CATALOG, "", "v1").orElseThrow();
            case "apis-apps-v1" ->
                DiscoveryDocuments.resources(CATALOG, "apps", "v1").orElseThrow();
            case "aggregated-api" -> AggregatedDiscovery.list(CATALOG, true, "v2");
            default -> AggregatedDiscovery.list(CATALOG, false, "v2");
        };
    }
}
