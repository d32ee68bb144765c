package dev.keelson.crds.client.http;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ClientConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The TLS side of a {@link ClientConfig}: whom to trust and who we are. */
public final class TlsIdentity {
    private static final char[] NO_PASSWORD = {};

    private TlsIdentity() {}

    /** When each of the files changed last; differs after a rotation. */
    static List<FileTime> fingerprint(ClientConfig config) {
        return files(config).map(TlsIdentity::modified).toList();
    }

    /** A context that trusts the authority of {@code config} and presents its certificate, if it has one. */
    public static SSLContext context(ClientConfig config) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(config), trust(config).getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new ApiException(
                    ApiException.Kind.INVALID,
                    "cannot use the TLS files for %s: %s".formatted(config.server(), unreadable),
                    unreadable);
        }
    }

    private static KeyManager[] keys(ClientConfig config) throws IOException, GeneralSecurityException {
        if (isUnset(config.clientCertificate())) {
            return new KeyManager[0];
        }
        KeyStore store = emptyStore();
        Certificate[] chain = Pem.certificates(config.clientCertificate());
        store.setKeyEntry("client", Pem.privateKey(config.clientKey()), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManagerFactory trust(ClientConfig config) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        Certificate[] authorities = Pem.certificates(config.certificateAuthority());
        for (int i = 0; i < authorities.length; i++) {
            store.setCertificateEntry("ca-" + i, authorities[i]);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Stream<Path> files(ClientConfig config) {
        return Stream.of(config.certificateAuthority(), config.clientCertificate(), config.clientKey())
                .filter(path -> !isUnset(path));
    }

    private static boolean isUnset(Path path) {
        return path.toString().isEmpty();
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException missing) {
            return FileTime.fromMillis(0); // in the middle of a rotation; the next look finds it
        }
    }
}
