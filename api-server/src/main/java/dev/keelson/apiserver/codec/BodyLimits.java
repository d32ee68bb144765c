package dev.keelson.apiserver.codec;

/**
 * What one request body may cost. Kubernetes limits the bytes (3 MiB) and lets the depth reach 10000; the deepest
 * schema that is served nests about 20 levels, so 128 refuses nothing real and keeps every recursion over a tree short.
 */
final class BodyLimits {
    static final int MAX_BYTES = 3 * 1024 * 1024;
    static final int MAX_DEPTH = 128;
    static final int MAX_NODES = 1_000_000;
    /** Nodes that YAML aliases may add: enough for real anchors, far too few for a "billion laughs". */
    static final int MAX_ALIASED_NODES = 20_000;

    static final int MAX_NUMBER_LENGTH = 512;
    /** Beyond a double's range a number means nothing to a client, yet its digits would fill memory. */
    static final int MAX_EXPONENT = 400;

    static final int MAX_DUPLICATES = 20;

    private BodyLimits() {}
}
