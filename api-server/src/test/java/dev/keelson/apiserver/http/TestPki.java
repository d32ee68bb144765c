package dev.keelson.apiserver.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority and certificates for one test run, as PEM files and key stores in one directory. */
public final class TestPki {
    public static final String PASSWORD = "test";

    private final Path directory;
    private final KeyPair authorityKeys;
    private final X509Certificate authority;

    private TestPki(Path directory) throws GeneralSecurityException, OperatorException, IOException {
        this.directory = directory;
        this.authorityKeys = keys();
        this.authority = sign("CN=test-ca", authorityKeys, new X500Name("CN=test-ca"), true);
        writePem("ca", authority, authorityKeys.getPrivate());
        KeyStore trusted = store();
        trusted.setCertificateEntry("ca", authority);
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
            pki.tokenKeys();
            return pki;
        } catch (GeneralSecurityException | OperatorException | IOException e) {
            throw new IllegalStateException("cannot make test certificates", e);
        }
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    private void issue(String name, String subject) throws GeneralSecurityException, OperatorException, IOException {
        KeyPair keys = keys();
        X509Certificate certificate = sign(subject, keys, new X500Name("CN=test-ca"), false);
        writePem(name, certificate, keys.getPrivate());
        KeyStore store = store();
        store.setKeyEntry(name, keys.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {certificate, authority});
        write(store, name + ".p12");
    }

    private X509Certificate sign(String subject, KeyPair keys, X500Name issuer, boolean authority)
            throws GeneralSecurityException, OperatorException, IOException {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new java.security.SecureRandom()),
                Date.from(now.minus(Duration.ofMinutes(5))),
                Date.from(now.plus(Duration.ofHours(12))),
                new X500Name(subject),
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        }));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(authorityKeys == null ? keys.getPrivate() : authorityKeys.getPrivate())));
    }

    /** The keys of service account tokens. */
    private void tokenKeys() throws GeneralSecurityException, IOException {
        KeyPair keys = keys();
        Files.writeString(
                file("service-account.key"),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Files.writeString(
                file("service-account.pub"), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
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

    private void writePem(String name, X509Certificate certificate, PrivateKey key)
            throws GeneralSecurityException, IOException {
        Files.writeString(file(name + ".crt"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(file(name + ".key"), pem("PRIVATE KEY", key.getEncoded()));
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
