package dev.keelson.crds.client;

import java.time.Duration;
import java.time.Instant;

/**
 * A wish for a token of a service account that ends with a pod (authentication.k8s.io/v1 TokenRequest).
 *
 * @param account name of the service account, in the pod's {@code namespace}
 * @param audience whom the token is for; empty for the API server
 * @param life how long it is to be good, unless the pod ends first
 */
public record TokenRequest(
        String namespace, String account, String audience, Duration life, String podName, String podUid) {

    /** The token, and when it ends by itself. */
    public record Issued(String token, Instant expiresAt) {}
}
