package dev.keelson.crds.client.http;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates for tests, as PEM files in one directory. */
final class TestAuthority {
    private final Path directory;
    private final KeyPair keys;
    private long serial;

    TestAuthority(Path directory) throws Exception {
        this.directory = directory;
        this.keys = newKeys();
        write("ca", "CN=test-ca", keys, true);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes {@code name.crt} and {@code name.key}, signed by this authority; replaces earlier ones. */
    void issue(String name, String subject) throws Exception {
        write(name, subject, newKeys(), false);
    }

    private void write(String name, String subject, KeyPair subjectKeys, boolean authority)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=test-ca"),
                BigInteger.valueOf(++serial),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                new X500Name(subject),
                subjectKeys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        byte[] certificate = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
        Files.writeString(file(name + ".crt"), pem("CERTIFICATE", certificate));
        Files.writeString(
                file(name + ".key"), pem("PRIVATE KEY", subjectKeys.getPrivate().getEncoded()));
    }

    private static String pem(String label, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }
}
