package dev.keelson.cni.dns;

import java.util.Optional;

/** Whoever resolves names that are not the cluster's. Messages pass as they are, whatever they hold. */
public interface Upstream {

    /** Answers the whole reply message, empty when nobody answered in time. */
    Optional<byte[]> ask(byte[] query, Transport transport);

    /** How the client asked; the same way the question goes on, so that a truncated answer can be asked again. */
    enum Transport {
        UDP,
        TCP
    }
}
