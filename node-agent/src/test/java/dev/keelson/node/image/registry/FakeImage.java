package dev.keelson.node.image.registry;

import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.MediaTypes;
import dev.keelson.node.image.oci.Platform;

/**
 * An image of one layer, which may tell lies.
 *
 * @param layer the blob
 * @param diffId what its configuration says that the layer unpacks to
 */
public record FakeImage(byte[] layer, String layerType, Digest diffId, String architecture) {

    public static FakeImage of(byte[] tar) {
        return new FakeImage(
                tar,
                MediaTypes.OCI_LAYER,
                Digest.sha256(tar),
                Platform.current().architecture());
    }

    /** The same with its layer compressed. */
    public FakeImage gzip() {
        return new FakeImage(TarBytes.gzip(layer), MediaTypes.OCI_LAYER_GZIP, diffId, architecture);
    }

    /** The same with other bytes as its layer. */
    public FakeImage withLayer(byte[] other) {
        return new FakeImage(other, layerType, diffId, architecture);
    }

    public FakeImage withArchitecture(String other) {
        return new FakeImage(layer, layerType, diffId, other);
    }

    String config() {
        return """
                {"os":"linux","architecture":"%s","config":{"Entrypoint":["/web"]},
                 "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(architecture, diffId);
    }

    String manifest(Digest layerDigest, Digest configDigest, int configSize) {
        return """
                {"schemaVersion":2,"mediaType":"%s",
                 "config":{"mediaType":"%s","digest":"%s","size":%d},
                 "layers":[{"mediaType":"%s","digest":"%s","size":%d}]}""".formatted(
                        MediaTypes.OCI_MANIFEST,
                        MediaTypes.OCI_CONFIG,
                        configDigest,
                        configSize,
                        layerType,
                        layerDigest,
                        layer.length);
    }
}
