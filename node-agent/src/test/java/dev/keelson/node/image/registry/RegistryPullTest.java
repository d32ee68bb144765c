package dev.keelson.node.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.NodeException.Kind;
import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.LocalImageService;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryPullTest {
    private static final List<RegistryAuth> NOBODY = List.of();

    @TempDir
    Path root;

    private FakeRegistry registry;
    private LocalImageService images;
    private byte[] layer;

    @BeforeEach
    void open() throws IOException {
        registry = new FakeRegistry();
        images = service();
        byte[] noise = new byte[2_000_000];
        new Random(7).nextBytes(noise);
        layer = new TarBytes()
                .file("noise", new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1))
                .build();
        publish("1");
    }

    private LocalImageService service() {
        RegistryOptions options = RegistryOptions.DEFAULT.withStallTimeout(Duration.ofMillis(500));
        return new LocalImageService(root, ImageLimits.DEFAULT.withReservedDiskBytes(0), options, Set::of);
    }

    @AfterEach
    void close() {
        images.close();
        registry.close();
    }

    private Digest publish(String tag) {
        return registry.publish(tag, FakeImage.of(layer));
    }

    private String name(String tag) {
        return registry.host() + "/team/web:" + tag;
    }

    private Image pull(String reference, List<RegistryAuth> credentials) {
        return images.pullImage(reference, credentials, progress -> {});
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
    }

    @Test
    void pulledImageIsHereUnderItsNameAndDigest() {
        List<PullProgress> seen = new ArrayList<>();
        Image image = images.pullImage(name("1"), NOBODY, seen::add);

        assertThat(image.references()).containsExactly(name("1"));
        assertThat(images.imageStatus(name("1"))).contains(image);
        assertThat(images.imageStatus(image.repoDigests().getFirst())).contains(image);
        assertThat(seen).contains(new PullProgress(Digest.sha256(layer).toString(), layer.length, layer.length));
    }

    @Test
    void imageIsPulledByDigest() {
        Digest digest = publish("by-digest");
        String reference = registry.host() + "/team/web@" + digest;

        assertThat(pull(reference, NOBODY).references()).containsExactly(reference);
        assertThat(images.imageStatus(reference)).isPresent();
    }

    @Test
    void missingImageIsNotFoundWithWhatTheRegistrySaid() {
        assertThatThrownBy(() -> pull(name("9"), NOBODY))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContainingAll("cannot pull \"" + name("9") + "\"", "404", "MANIFEST_UNKNOWN", "tag");
    }

    @Test
    void registryThatIsNotThereIsTransient() {
        String reference = name("1");
        registry.close();

        assertThatThrownBy(() -> pull(reference, NOBODY))
                .isInstanceOfSatisfying(NodeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
                    assertThat(e.reason()).isEqualTo("RegistryUnavailable");
                })
                .hasMessageContainingAll("connection refused");
    }

    private void requireBasic(String user, String password) {
        registry.first(exchange -> {
            if (FakeRegistry.header(exchange, "Authorization").equals(basic(user, password))) {
                return false;
            }
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"reg\"");
            FakeRegistry.send(exchange, 401, new byte[0]);
            return true;
        });
    }

    @Test
    void strangerIsToldToAddAnImagePullSecret() {
        requireBasic("bob", "secret");

        assertThatThrownBy(() -> pull(name("1"), NOBODY))
                .hasMessageContainingAll("registry answered 401", "add an imagePullSecret for " + registry.host());
    }

    @Test
    void wrongPasswordNamesTheUserButNotThePassword() {
        requireBasic("bob", "secret");

        assertThatThrownBy(() -> pull(name("1"), List.of(new RegistryAuth(registry.host(), "bob", "guess"))))
                .hasMessageContainingAll("401", "user \"bob\"")
                .hasMessageNotContaining("guess");
    }

    @Test
    void everyFittingCredentialIsTried() {
        requireBasic("bob", "secret");

        pull(
                name("1"),
                List.of(
                        new RegistryAuth("elsewhere.example", "eve", "x"),
                        new RegistryAuth(registry.host(), "old", "x"),
                        new RegistryAuth("http://" + registry.host() + "/v2/", "bob", "secret")));

        assertThat(registry.requests())
                .extracting(FakeRegistry.Request::authorization)
                .doesNotContain(basic("eve", "x"));
    }

    @Test
    void tokenIsFetchedWithTheCredentialAndRenewedWhenItExpires() {
        AtomicInteger issued = new AtomicInteger();
        registry.first(exchange -> {
            if (!exchange.getRequestURI().getPath().equals("/token")) {
                return false;
            }
            assertThat(exchange.getRequestURI().getQuery()).contains("service=reg", "scope=repository:team/web:pull");
            int status = FakeRegistry.header(exchange, "Authorization").equals(basic("bob", "secret")) ? 200 : 401;
            FakeRegistry.send(exchange, status, FakeRegistry.text("{\"token\":\"t" + issued.incrementAndGet() + "\"}"));
            return true;
        });
        registry.first(exchange -> {
            boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
            // The first token is good for manifests only, as if it had run out after them.
            String wanted = manifest ? "Bearer t1" : "Bearer t2";
            if (FakeRegistry.header(exchange, "Authorization").equals(wanted)) {
                return false;
            }
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://%s/token\",service=\"reg\",scope=\"ignored\""
                                    .formatted(registry.host()));
            FakeRegistry.send(exchange, 401, new byte[0]);
            return true;
        });

        pull(name("1"), List.of(new RegistryAuth(registry.host(), "bob", "secret")));

        assertThat(issued.get()).isEqualTo(2);
    }

    @Test
    void tokenServerWithoutTlsElsewhereGetsNoCredential() {
        registry.first(exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"http://tokens.example/token\"");
            FakeRegistry.send(exchange, 401, new byte[0]);
            return true;
        });

        assertThatThrownBy(() -> pull(name("1"), List.of(new RegistryAuth(registry.host(), "bob", "secret"))))
                .hasMessageContainingAll("http://tokens.example/token", "not https");
    }

    @Test
    void redirectToAnotherHostDoesNotCarryTheCredential() throws IOException {
        requireBasic("bob", "secret");
        try (FakeRegistry storage = new FakeRegistry()) {
            storage.blob(layer);
            registry.forBlob(layer, exchange -> {
                exchange.getResponseHeaders()
                        .set("Location", "http://" + storage.host() + "/blobs/" + Digest.sha256(layer) + "?signed=1");
                FakeRegistry.send(exchange, 307, new byte[0]);
                return true;
            });

            pull(name("1"), List.of(new RegistryAuth(registry.host(), "bob", "secret")));

            assertThat(storage.requests())
                    .singleElement()
                    .extracting(FakeRegistry.Request::authorization)
                    .isEqualTo("");
        }
    }

    @Test
    void redirectsInACircleEnd() {
        registry.first(exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().getPath());
            FakeRegistry.send(exchange, 302, new byte[0]);
            return true;
        });

        assertThatThrownBy(() -> pull(name("1"), NOBODY)).hasMessageContaining("redirects more than");
    }

    @Test
    void brokenDownloadGoesOnWhereItStopped() {
        AtomicInteger attempts = new AtomicInteger();
        registry.forBlob(layer, exchange -> {
            if (attempts.incrementAndGet() == 1) {
                FakeRegistry.breakAfter(exchange, layer, 1_000_000);
            }
            return false;
        });

        pull(name("1"), NOBODY);

        assertThat(registry.requests())
                .extracting(FakeRegistry.Request::range)
                .anyMatch(range -> range.startsWith("bytes="));
    }

    @Test
    void serverThatCannotContinueIsReadFromTheStart() {
        AtomicInteger attempts = new AtomicInteger();
        registry.forBlob(layer, exchange -> {
            if (attempts.incrementAndGet() == 1) {
                FakeRegistry.breakAfter(exchange, layer, 1_000_000);
            }
            FakeRegistry.send(exchange, 200, layer);
            return true;
        });

        pull(name("1"), NOBODY);

        assertThat(attempts.get()).isEqualTo(2);
    }

    @Test
    void serverThatAlwaysBreaksAtTheSamePlaceIsGivenUp() {
        registry.forBlob(layer, exchange -> {
            FakeRegistry.breakAfter(exchange, layer, 1_000_000);
            return true;
        });

        assertThatThrownBy(() -> pull(name("1"), NOBODY))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT));
        assertThat(registry.count(Digest.sha256(layer).hex())).isBetween(2L, 4L);
    }

    @Test
    void whatCameIsKeptForThePullOfTheNextAgent() throws IOException {
        AtomicBoolean breaks = new AtomicBoolean(true);
        registry.forBlob(layer, exchange -> {
            if (breaks.get()) {
                FakeRegistry.breakAfter(exchange, layer, 1_000_000);
            }
            return false;
        });
        assertThatThrownBy(() -> pull(name("1"), NOBODY)).isInstanceOf(NodeException.class);
        images.close();
        breaks.set(false);
        images = service();

        pull(name("1"), NOBODY);

        String range = registry.requests().getLast().range();
        assertThat(Integer.parseInt(range.replaceAll("\\D", ""))).isPositive();
    }

    @Test
    void serverThatSendsMoreThanItsManifestSaysIsRefused() {
        byte[] longer = Arrays.copyOf(layer, layer.length + 1);
        registry.forBlob(layer, exchange -> {
            FakeRegistry.send(exchange, 200, longer);
            return true;
        });

        assertThatThrownBy(() -> pull(name("1"), NOBODY)).hasMessageContaining("longer than the");
    }

    @Test
    void slowServerIsWaitedForAsLongAsSomethingComes() {
        registry.forBlob(layer, exchange -> {
            exchange.sendResponseHeaders(200, layer.length);
            // Four pieces, and in all longer than one silence may be.
            for (int piece = 0; piece < 4; piece++) {
                exchange.getResponseBody().write(layer, piece * layer.length / 4, layer.length / 4);
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
            return true;
        });

        assertThat(pull(name("1"), NOBODY).references()).contains(name("1"));
    }

    @Test
    void silentServerIsGivenUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        registry.forBlob(layer, exchange -> {
            exchange.sendResponseHeaders(200, layer.length);
            exchange.getResponseBody().write(layer, 0, 10);
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });

        assertThatThrownBy(() -> pull(name("1"), NOBODY)).hasMessageContaining("nothing came for");
        end.countDown();
    }

    @Test
    void contentThatIsNotWhatItsDigestSaysIsRefused() {
        byte[] other = Arrays.copyOf(layer, layer.length);
        other[600] ^= 1;
        registry.forBlob(layer, exchange -> {
            FakeRegistry.send(exchange, 200, other);
            return true;
        });

        assertThatThrownBy(() -> pull(name("1"), NOBODY))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.reason()).isEqualTo("ErrImagePull"))
                .hasMessageContaining("is not what its digest says");
        assertThat(images.listImages()).isEmpty();
    }

    @Test
    void manifestThatIsNotWhatItsDigestSaysIsRefused() {
        Digest digest = publish("x");
        registry.first(exchange -> {
            FakeRegistry.send(exchange, 200, FakeRegistry.text("{}"));
            return true;
        });

        assertThatThrownBy(() -> pull(registry.host() + "/team/web@" + digest, NOBODY))
                .hasMessageContainingAll("sent a manifest with digest", digest.toString());
    }

    @Test
    void hugeManifestIsRefused() {
        registry.manifest("huge", MediaTypes.OCI_MANIFEST, new byte[5 << 20]);

        assertThatThrownBy(() -> pull(name("huge"), NOBODY)).hasMessageContaining("larger than 4194304 bytes");
    }

    @Test
    void helmChartIsNoContainerImage() {
        byte[] chart = FakeRegistry.text("""
                {"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json",
                 "digest":"%s","size":2},"layers":[]}""".formatted(registry.blob(FakeRegistry.text("{}"))));
        registry.manifest("chart", MediaTypes.OCI_MANIFEST, chart);

        assertThatThrownBy(() -> pull(name("chart"), NOBODY))
                .hasMessageContainingAll("is not a container image", "helm");
    }

    @Test
    void concurrentPullsShareOneDownload() {
        List<CompletableFuture<Image>> pulls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pulls.add(CompletableFuture.supplyAsync(() -> pull(name("1"), NOBODY)));
        }

        assertThat(pulls.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(registry.count("/blobs/" + Digest.sha256(layer))).isEqualTo(1);
    }

    @Test
    void manifestOfTheRightPlatformIsChosen() {
        Digest mine = publish("1");
        byte[] index = FakeRegistry.text("""
                {"schemaVersion":2,"mediaType":"%1$s","manifests":[
                 {"mediaType":"%2$s","digest":"sha256:%3$s","size":7,"platform":{"os":"linux","architecture":"s390x"}},
                 {"mediaType":"%2$s","digest":"%4$s","size":%5$d,"platform":{"os":"linux","architecture":"%6$s"}}]}""".formatted(
                        MediaTypes.OCI_INDEX,
                        MediaTypes.OCI_MANIFEST,
                        "0".repeat(64),
                        mine,
                        registry.manifestSize("1"),
                        dev.keelson.node.image.oci.Platform.current().architecture()));
        Digest indexDigest = registry.manifest("multi", MediaTypes.OCI_INDEX, index);

        Image image = pull(name("multi"), NOBODY);

        assertThat(image.repoDigests()).containsExactly(registry.host() + "/team/web@" + indexDigest);
    }

    @Test
    void indexWithoutThisPlatformSaysWhichThereAre() {
        byte[] index = FakeRegistry.text("""
                {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"sha256:%s","size":7,
                 "platform":{"os":"linux","architecture":"s390x"}}]}""".formatted(MediaTypes.OCI_MANIFEST, "0".repeat(64)));
        registry.manifest("other", MediaTypes.OCI_INDEX, index);

        assertThatThrownBy(() -> pull(name("other"), NOBODY))
                .hasMessageContainingAll("has no image for linux/", "linux/s390x");
    }
}
