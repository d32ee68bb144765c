package dev.keelson.apiserver.http;

import dev.keelson.apiserver.auth.ClientAuthority;
import io.quarkus.tls.TrustStoreAndTrustOptions;
import io.quarkus.tls.TrustStoreProvider;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The authority of client certificates, out of its file. Clients are told of it, and choose their certificate by it; the handshake
 * takes any (see {@link AnyClient}). Read again whenever the TLS configuration is, so that a replaced authority needs no restart.
 */
@Singleton
final class ClientTrust implements TrustStoreProvider {
    private final Path file;
    private volatile Current current;

    private record Current(
            List<X509Certificate> certificates, ClientAuthority authority, TrustStoreAndTrustOptions store) {}

    ClientTrust(ServerConfig config) {
        this.file = config.clientCa();
        this.current = read();
    }

    ClientAuthority authority() {
        return current.authority();
    }

    @Override
    public TrustStoreAndTrustOptions getTrustStore(Vertx vertx) {
        Current read = read();
        // The same authority stays the same object: nothing has to be verified again.
        if (!read.certificates().equals(current.certificates())) {
            current = read;
        }
        return current.store();
    }

    private Current read() {
        try {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (certificates.isEmpty()) {
                throw new GeneralSecurityException("it holds no certificate");
            }
            return new Current(
                    certificates,
                    new ClientAuthority(certificates),
                    new TrustStoreAndTrustOptions(store(certificates), TrustOptions.wrap(new AnyClient(certificates))));
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException(
                    "keelson.client-ca: %s cannot be used: %s".formatted(file, unreadable.getMessage()), unreadable);
        }
    }

    private static KeyStore store(List<X509Certificate> certificates) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        return store;
    }
}
