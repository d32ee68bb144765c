package dev.keelson.node.server;

import java.util.Optional;

/** Asks the cluster about callers. Waits for it, so only for virtual threads; fails with NodeException. */
public interface CallerReviews {

    /** Whose token this is; empty when it is nobody's. */
    Optional<Caller> owner(String token);

    /**
     * Whether the caller may do something with a part of this node.
     *
     * @param verb Kubernetes' word, such as {@code get}
     * @param part subresource of nodes: {@code stats}, {@code metrics}, {@code proxy} …
     */
    boolean allows(Caller caller, String verb, String part);
}
