package dev.keelson.apiserver.http;

import dev.keelson.apiserver.auth.Certified;
import dev.keelson.apiserver.auth.Certified.Wanted;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** An authority and certificates for one test run, as PEM files and key stores in one directory. */
public final class TestPki {
    public static final String PASSWORD = "test";

    private final Path directory;
    private final Instant now = Instant.now();
    private final Certified authority = Certified.selfSigned(Wanted.authority("CN=test-ca", now));

    private TestPki(Path directory) throws GeneralSecurityException, IOException {
        this.directory = directory;
        writePem("ca", authority);
        KeyStore trusted = store();
        trusted.setCertificateEntry("ca", authority.certificate());
        write(trusted, "ca.p12");
    }

    /** An authority with the server's own certificates. */
    public static TestPki in(Path directory) {
        try {
            Files.createDirectories(directory);
            TestPki pki = new TestPki(directory);
            pki.issue("apiserver", "CN=kube-apiserver");
            pki.issue("apiserver-kubelet-client", "CN=kube-apiserver-kubelet-client,O=system:masters");
            pki.issue("admin", "CN=kubernetes-admin,O=system:masters");
            pki.issue("node", "CN=system:node:n1,O=system:nodes");
            pki.issue("bob", "CN=bob,O=dev");
            pki.clientsOfAllKinds();
            pki.tokenKeys();
            return pki;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make test certificates", e);
        }
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Good for any use and half a day. */
    private void issue(String name, String subject) throws GeneralSecurityException, IOException {
        Certified issued = authority.issue(Wanted.client(subject, now)
                .usedFor()
                .valid(now.minus(Duration.ofMinutes(5)), now.plus(Duration.ofHours(12))));
        writePem(name, issued);
        writeStore(name, issued, authority);
    }

    /** Certificates that a client may show and a server must judge. */
    private void clientsOfAllKinds() throws GeneralSecurityException, IOException {
        Wanted client = Wanted.client("CN=carol", now);
        Certified between = authority.issue(Wanted.authority("CN=between", now));
        Certified namesake = Certified.selfSigned(Wanted.authority("CN=test-ca", now));
        writeStore("deep", between.issue(client), between);
        writeStore("edwards", authority.issue(client.keys(Certified.keys("Ed25519", 255))));
        writeStore("expired", authority.issue(client.valid(now.minusSeconds(60), now.minusSeconds(1))));
        writeStore("early", authority.issue(client.valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)))));
        writeStore("foreign", namesake.issue(client));
        writeStore("for-servers", authority.issue(client.usedFor(KeyPurposeId.id_kp_serverAuth)));
    }

    private void writeStore(String name, Certified own, Certified... others)
            throws GeneralSecurityException, IOException {
        Certificate[] chain = Stream.concat(Stream.of(own), Stream.of(others))
                .map(Certified::certificate)
                .toArray(Certificate[]::new);
        KeyStore store = store();
        store.setKeyEntry(name, own.keys().getPrivate(), PASSWORD.toCharArray(), chain);
        write(store, name + ".p12");
    }

    /** The keys of service account tokens. */
    private void tokenKeys() throws IOException {
        KeyPair keys = Certified.elliptic("secp256r1");
        Files.writeString(
                file("service-account.key"),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Files.writeString(
                file("service-account.pub"), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD.toCharArray());
        return store;
    }

    /** REST Assured opens the stores again for every request: deriving their keys was most of what tests did. */
    private static void protectLittle() {
        System.setProperty("keystore.pkcs12.keyPbeIterationCount", "1");
        System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
        System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    }

    private void write(KeyStore store, String name) throws GeneralSecurityException {
        protectLittle();
        try (OutputStream out = Files.newOutputStream(file(name))) {
            store.store(out, PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writePem(String name, Certified issued) throws GeneralSecurityException, IOException {
        Files.writeString(
                file(name + ".crt"), pem("CERTIFICATE", issued.certificate().getEncoded()));
        Files.writeString(
                file(name + ".key"),
                pem("PRIVATE KEY", issued.keys().getPrivate().getEncoded()));
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
    }

    /** A name that no other run uses. */
    public static String freshName(String base) {
        byte[] random = new byte[4];
        new java.security.SecureRandom().nextBytes(random);
        return base + "-" + HexFormat.of().formatHex(random);
    }
}
