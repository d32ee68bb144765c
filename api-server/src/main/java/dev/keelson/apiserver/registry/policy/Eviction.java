package dev.keelson.apiserver.registry.policy;

/** How a pod is let go that someone asked to have evicted. */
public sealed interface Eviction {
    /** Its going disrupts nobody, or no budget guards it. */
    record Free() implements Eviction {}

    /** It does not run yet; should it have changed by the time it is deleted, the question is asked anew. */
    record WhilePending() implements Eviction {}

    /** It is not ready, so that its budget loses nothing; should it have changed, the client has to ask again. */
    record WhileUnready(String budget) implements Eviction {}

    /** The budget has to allow one more disruption, which is taken from it. */
    record Counted(String budget) implements Eviction {}
}
