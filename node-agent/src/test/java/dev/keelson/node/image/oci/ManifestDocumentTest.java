package dev.keelson.node.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.oci.ManifestDocument.ImageIndex;
import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestDocumentTest {
    private static final String DIGEST = "sha256:" + "0".repeat(64);
    private static final String CONFIG =
            "\"config\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":2}".formatted(MediaTypes.OCI_CONFIG, DIGEST);

    private static ManifestDocument parse(String json, String servedType) {
        return ManifestDocument.parse("manifest of web", json.getBytes(StandardCharsets.UTF_8), servedType);
    }

    @Test
    void manifestIsReadWithOrWithoutItsOwnMediaType() {
        String manifest = "{\"schemaVersion\":2," + CONFIG + ",\"layers\":[]}";

        assertThat(parse(manifest, "")).isInstanceOf(ImageManifest.class);
        assertThat(parse(manifest, MediaTypes.DOCKER_MANIFEST)).isInstanceOf(ImageManifest.class);
        assertThat(parse("{\"manifests\":[]}", "")).isInstanceOf(ImageIndex.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json | is not JSON",
                "[] | not a JSON object",
                "{} trailing | is not JSON",
                "{\"manifests\":[],\"layers\":[]} | an index and an image manifest at once",
                "{\"mediaType\":\"text/plain\"} | of type \"text/plain\"",
                "{\"mediaType\":7} | field mediaType must be a string",
                "{\"schemaVersion\":1,\"fsLayers\":[]} | schema 1",
                "{\"layers\":[]} | field config must be an object",
                "{\"manifests\":{}} | must be an array of objects",
                "{\"manifests\":[7]} | must be an array of objects",
                "{\"manifests\":[{\"digest\":\"sha256:../../etc\",\"size\":1}]} | is not a digest",
                "{\"manifests\":[{\"digest\":\"sha256:%s\",\"size\":-1}]} | field size must be a whole number"
            })
    void whatIsNoManifestIsRefusedWithTheField(String json, String message) {
        assertThatThrownBy(() -> parse(json.formatted("0".repeat(64)), ""))
                .isInstanceOf(NodeException.class)
                .hasMessageContainingAll("manifest of web", message);
    }

    @Test
    void indexServedAsManifestIsRefused() {
        String index = "{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[]}";

        assertThatThrownBy(() -> parse(index, MediaTypes.OCI_MANIFEST)).hasMessageContaining("was served as");
    }

    @Test
    void layersThatAreNoTarAreRefused() {
        String manifest = "{" + CONFIG + ",\"layers\":[{\"mediaType\":\"application/wasm\",\"digest\":\"" + DIGEST
                + "\",\"size\":1}]}";

        assertThatThrownBy(() -> parse(manifest, "")).hasMessageContainingAll("application/wasm", "must be a tar");
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        String bomb = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThatThrownBy(() -> parse(bomb, ""))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("is not JSON");
    }

    @Test
    void platformsAreChosenByWhatRunsHere() {
        Platform amd64 = new Platform("linux", "amd64", "");

        assertThat(amd64.runs(new Platform("linux", "amd64", ""))).isTrue();
        assertThat(amd64.runs(new Platform("linux", "amd64", "v3"))).isFalse();
        assertThat(amd64.runs(new Platform("windows", "amd64", ""))).isFalse();
        assertThat(new Platform("linux", "arm64", "").runs(new Platform("linux", "arm64", "v8")))
                .isTrue();
        Descriptor unknown = new Descriptor(
                MediaTypes.OCI_MANIFEST,
                Digest.parse(DIGEST),
                1,
                java.util.Map.of(),
                Optional.of(new Platform("unknown", "unknown", "")));
        assertThatThrownBy(() -> new ImageIndex(java.util.List.of(unknown)).choose(amd64, "web"))
                .hasMessageContaining("has no image for linux/amd64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | is not JSON",
                "{} | field rootfs must be an object",
                "{\"rootfs\":{\"type\":\"other\"}} | rootfs.type must be \"layers\"",
                "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"x\"]}} | field rootfs.diff_ids",
                "{\"rootfs\":{\"type\":\"layers\"},\"config\":{\"Entrypoint\":\"sh\"}} | field Entrypoint must be an array",
                "{\"rootfs\":{\"type\":\"layers\"},\"config\":{\"Env\":[1]}} | field Env must be an array of strings",
                "{\"rootfs\":{\"type\":\"layers\"},\"config\":{\"User\":0}} | field User must be a string"
            })
    void configurationsAreRefusedWithTheField(String json, String message) {
        assertThatThrownBy(() -> ConfigFile.parse("configuration of web", json.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContainingAll("configuration of web", message);
    }
}
