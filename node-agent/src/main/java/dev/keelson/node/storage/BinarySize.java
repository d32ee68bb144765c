package dev.keelson.node.storage;

/** Bytes in the shortest exact form of a Kubernetes quantity. Pure. */
public final class BinarySize {
    private static final String[] SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti"};
    private static final long STEP = 1024;

    private BinarySize() {}

    public static String of(long bytes) {
        long amount = bytes;
        int suffix = 0;
        while (amount > 0 && amount % STEP == 0 && suffix + 1 < SUFFIXES.length) {
            amount /= STEP;
            suffix++;
        }
        return amount + SUFFIXES[suffix];
    }
}
