package dev.keelson.node.image;

/**
 * How much one image may ask of this node before it is refused.
 *
 * @param manifestBytes largest manifest or index (OCI distribution spec asks for at least 4 MiB)
 * @param configBytes largest image configuration
 * @param layers most layers of one image; overlayfs and the tools around it stop near 128
 * @param unpackedBytes most bytes that the layers of one image may unpack to, holes of sparse files included
 * @param entries most files, directories and links in one image
 * @param compressionRatio most bytes that one compressed byte may become, once {@code ratioFreeBytes} are passed
 * @param ratioFreeBytes unpacked bytes of a layer up to which its ratio does not matter: small runs of zeros are honest
 * @param reservedDiskBytes room on the disk that image content never takes, so that a pull cannot stop a database
 */
public record ImageLimits(
        long manifestBytes,
        long configBytes,
        int layers,
        long unpackedBytes,
        long entries,
        int compressionRatio,
        long ratioFreeBytes,
        long reservedDiskBytes) {
    private static final long MIB = 1 << 20;

    public static final ImageLimits DEFAULT =
            new ImageLimits(4 * MIB, 8 * MIB, 127, 32 * 1024 * MIB, 2_000_000, 200, 256 * MIB, 512 * MIB);

    public ImageLimits withUnpackedBytes(long bytes) {
        return new ImageLimits(
                manifestBytes,
                configBytes,
                layers,
                bytes,
                entries,
                compressionRatio,
                ratioFreeBytes,
                reservedDiskBytes);
    }

    public ImageLimits withEntries(long most) {
        return new ImageLimits(
                manifestBytes,
                configBytes,
                layers,
                unpackedBytes,
                most,
                compressionRatio,
                ratioFreeBytes,
                reservedDiskBytes);
    }

    public ImageLimits withCompressionRatio(int most, long freeBytes) {
        return new ImageLimits(
                manifestBytes, configBytes, layers, unpackedBytes, entries, most, freeBytes, reservedDiskBytes);
    }

    public ImageLimits withReservedDiskBytes(long bytes) {
        return new ImageLimits(
                manifestBytes, configBytes, layers, unpackedBytes, entries, compressionRatio, ratioFreeBytes, bytes);
    }
}
