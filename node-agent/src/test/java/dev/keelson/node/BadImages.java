package dev.keelson.node;

import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.MediaTypes;
import dev.keelson.node.image.registry.FakeImage;
import dev.keelson.node.image.registry.FakeRegistry;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Images that no pod can have, each in a registry under a tag of its own. */
final class BadImages {
    /** What the node below test lets an image have; the product's own limits would take a test too long to reach. */
    static final int ENTRIES = 5_000;

    static final int RATIO = 100;

    private final FakeRegistry registry;
    private final CountDownLatch end = new CountDownLatch(1);

    BadImages(FakeRegistry registry) {
        this.registry = registry;
    }

    /**
     * @param tag of the image, and name of the pod
     * @param words what the Events and the container's state say
     */
    record Bad(String tag, List<String> words) {
        private static Bad of(String tag, String... words) {
            return new Bad(tag, List.of(words));
        }

        @Override
        public String toString() {
            return tag;
        }
    }

    static List<Bad> all() {
        return List.of(
                Bad.of("missing", "404", "MANIFEST_UNKNOWN"),
                Bad.of("corrupt", "layer sha256:"),
                Bad.of("truncated", "layer sha256:", "refused"),
                Bad.of("wrong-digest", "is not what its digest says"),
                Bad.of("wrong-diff-id", "diff_id", "expected"),
                Bad.of("other-platform", "linux/s390x"),
                Bad.of("no-platform-fits", "has no image for linux/", "linux/s390x"),
                Bad.of("climbs-out", "\"../../etc/evil\"", "leads out of the layer"),
                Bad.of("link-to-nothing", "\"escape\"", "a later entry goes through it"),
                Bad.of("link-to-host", "\"stolen\"", "not in this layer before it"),
                Bad.of("device", "\"dev/sda\"", "block device 8:0", "may not bring devices"),
                Bad.of("bomb-of-zeros", "more than " + RATIO + " times its size", "bomb"),
                Bad.of("bomb-of-names", "more than " + ENTRIES + " files", "bomb"),
                Bad.of("bomb-with-a-hole", "unpacks to more than", "bomb"),
                Bad.of("silent", "nothing came for"),
                Bad.of("drops", "RegistryUnavailable"),
                Bad.of("lies-about-size", "longer than the"),
                Bad.of("circle", "redirects more than"));
    }

    void publish() throws IOException {
        contents();
        layers();
        connections();
    }

    private static byte[] noise(String tag) {
        byte[] noise = new byte[60_000];
        new Random(tag.hashCode()).nextBytes(noise);
        return new TarBytes()
                .file("noise", new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1))
                .build();
    }

    private void contents() {
        FakeImage corrupt = FakeImage.of(noise("corrupt")).gzip();
        byte[] flipped = corrupt.layer().clone();
        flipped[flipped.length / 2] ^= 0x55;
        registry.publish("corrupt", corrupt.withLayer(flipped));
        FakeImage whole = FakeImage.of(noise("truncated")).gzip();
        registry.publish("truncated", whole.withLayer(Arrays.copyOf(whole.layer(), whole.layer().length / 2)));
        byte[] promised = noise("wrong-digest");
        registry.publish("wrong-digest", FakeImage.of(promised));
        registry.forBlob(promised, exchange -> {
            byte[] other = promised.clone();
            other[600] ^= 1;
            FakeRegistry.send(exchange, 200, other);
            return true;
        });
        registry.publish("wrong-diff-id", FakeImage.of(noise("right")).withLayer(noise("wrong-diff-id")));
        registry.publish("other-platform", FakeImage.of(noise("other")).withArchitecture("s390x"));
        Digest other = registry.publish("s390x", FakeImage.of(noise("index")).withArchitecture("s390x"));
        registry.manifest("no-platform-fits", MediaTypes.OCI_INDEX, FakeRegistry.text("""
                {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":7,
                 "platform":{"os":"linux","architecture":"s390x"}}]}""".formatted(
                        MediaTypes.OCI_MANIFEST, other)));
    }

    private void layers() {
        layer("climbs-out", new TarBytes().file("../../etc/evil", "x"));
        layer(
                "link-to-nothing",
                new TarBytes().symbolicLink("escape", "/tmp/nowhere").file("escape/evil", "x"));
        layer("link-to-host", new TarBytes().hardLink("stolen", "/etc/shadow"));
        layer("device", new TarBytes().device("dev/sda", TarConstants.LF_BLK, 8, 0));
        layer("bomb-of-zeros", new TarBytes().file("zeros", "\0".repeat(4 << 20)));
        TarBytes names = new TarBytes();
        for (int i = 0; i <= ENTRIES; i++) {
            names.file("f" + i, "");
        }
        layer("bomb-of-names", names);
        layer(
                "bomb-with-a-hole",
                new TarBytes()
                        .pax(Map.of(
                                "GNU.sparse.major", "1",
                                "GNU.sparse.minor", "0",
                                "GNU.sparse.name", "hole",
                                "GNU.sparse.realsize", Long.toString(1L << 50)))
                        .file("hole", "1\n0\n0\n" + "\0".repeat(506)));
    }

    private void layer(String tag, TarBytes tar) {
        registry.publish(tag, FakeImage.of(tar.build()).gzip());
    }

    private void connections() {
        byte[] silent = noise("silent");
        registry.publish("silent", FakeImage.of(silent));
        registry.forBlob(silent, exchange -> {
            exchange.sendResponseHeaders(200, silent.length);
            exchange.getResponseBody().write(silent, 0, 10);
            exchange.getResponseBody().flush();
            awaitEnd();
            return true;
        });
        byte[] drops = noise("drops");
        registry.publish("drops", FakeImage.of(drops));
        registry.forBlob(drops, exchange -> {
            FakeRegistry.breakAfter(exchange, drops, 1_000);
            return true;
        });
        byte[] lies = noise("lies");
        registry.publish("lies-about-size", FakeImage.of(lies));
        registry.forBlob(lies, exchange -> {
            FakeRegistry.send(exchange, 200, Arrays.copyOf(lies, lies.length + 1));
            return true;
        });
        byte[] circle = noise("circle");
        registry.publish("circle", FakeImage.of(circle));
        registry.forBlob(circle, exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().getPath());
            FakeRegistry.send(exchange, 302, new byte[0]);
            return true;
        });
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets go of the pulls that wait. */
    void end() {
        end.countDown();
    }
}
