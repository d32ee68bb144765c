package dev.keelson.crds.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiClientContract;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpApiClientTest extends ApiClientContract {
    @TempDir
    private Path directory;

    private final FakeApiServer server = new FakeApiServer();
    private TestAuthority authority;
    private HttpFrontend frontend;
    private HttpApiClient client;

    @BeforeEach
    void connect() throws Exception {
        authority = new TestAuthority(directory);
        authority.issue("client", "CN=first");
        frontend = new HttpFrontend(server.client(), authority);
        client = new HttpApiClient(config(frontend.address()), Duration.ZERO);
    }

    @AfterEach
    void disconnect() {
        client.close();
        frontend.close();
    }

    @Override
    protected ApiClient client() {
        return client;
    }

    @Override
    protected String namespace() {
        return "default";
    }

    private ClientConfig config(URI address) {
        return new ClientConfig(
                address,
                authority.file("ca.crt"),
                authority.file("client.crt"),
                authority.file("client.key"),
                "keelson-test");
    }

    @Test
    void listsThatComeInPiecesAreWhole() {
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "g");
        for (String name : names) {
            client.create(
                    ResourceType.CONFIG_MAPS,
                    new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withNamespace("default")
                            .endMetadata()
                            .build());
        }
        assertThat(client.list(ResourceType.CONFIG_MAPS, "default", ListOptions.ALL)
                        .items())
                .extracting(each -> each.getMetadata().getName())
                .containsExactlyElementsOf(names);
    }

    @Test
    void rotatedCertificateIsUsedByTheNextRequest() throws Exception {
        client.list(ResourceType.PODS, "", ListOptions.ALL);
        assertThat(frontend.lastPeer()).isEqualTo("CN=first");

        authority.issue("client", "CN=second");
        Files.setLastModifiedTime(
                authority.file("client.crt"), FileTime.from(Instant.now().plusSeconds(2)));

        client.list(ResourceType.PODS, "", ListOptions.ALL);
        assertThat(frontend.lastPeer()).isEqualTo("CN=second");
    }

    @Test
    void halfWrittenRotationKeepsTheOldCertificate() throws Exception {
        Files.writeString(authority.file("client.key"), "-----BEGIN PRIVATE KEY-----\nMIG");
        Files.setLastModifiedTime(
                authority.file("client.key"), FileTime.from(Instant.now().plusSeconds(2)));

        client.list(ResourceType.PODS, "", ListOptions.ALL);

        assertThat(frontend.lastPeer()).isEqualTo("CN=first");
    }

    @Test
    void serverOfAnotherAuthorityIsNotTrusted() throws Exception {
        TestAuthority other = new TestAuthority(Files.createDirectory(directory.resolve("other")));
        try (HttpFrontend foreign = new HttpFrontend(server.client(), other);
                HttpApiClient distrustful = new HttpApiClient(config(foreign.address()))) {
            assertThatThrownBy(() -> distrustful.list(ResourceType.PODS, "", ListOptions.ALL))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("PKIX");
        }
    }

    @Test
    void missingKeyFileIsReportedAtConstruction() throws Exception {
        Files.delete(authority.file("client.key"));

        assertThatThrownBy(() -> new HttpApiClient(config(frontend.address())).close())
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("client.key");
    }

    @Test
    void lostConnectionIsTransient() {
        Watch<ConfigMap> watch = client.watch(ResourceType.CONFIG_MAPS, "", ListOptions.ALL, "0");
        frontend.close();

        assertThatThrownBy(watch::hasNext).isInstanceOfSatisfying(ApiException.class, lost -> assertThat(lost.kind())
                .isEqualTo(ApiException.Kind.TRANSIENT));
        assertThatThrownBy(() -> client.get(ResourceType.PODS, "default", "p"))
                .isInstanceOfSatisfying(
                        ApiException.class, lost -> assertThat(lost.kind()).isEqualTo(ApiException.Kind.TRANSIENT));
    }

    @Test
    void serverThatEndsAWatchEndsTheIterator() {
        try (Watch<ConfigMap> watch = client.watch(ResourceType.CONFIG_MAPS, "", ListOptions.ALL, "0")) {
            server.dropWatches();
            assertThat(watch.hasNext()).isFalse();
        }
    }

    @Test
    void compactedRevisionIsExpired() {
        server.client()
                .create(
                        ResourceType.CONFIG_MAPS,
                        new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                                .withNewMetadata()
                                .withNamespace("default")
                                .withName("old")
                                .endMetadata()
                                .build());
        server.compact();

        assertThatThrownBy(() -> client.watch(ResourceType.CONFIG_MAPS, "", ListOptions.ALL, "0"))
                .isInstanceOfSatisfying(
                        ApiException.class, old -> assertThat(old.kind()).isEqualTo(ApiException.Kind.EXPIRED));
    }
}
