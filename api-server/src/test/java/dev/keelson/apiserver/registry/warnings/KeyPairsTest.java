package dev.keelson.apiserver.registry.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Go's {@code tls.X509KeyPair} says of certificates and keys of several kinds, encodings and states. */
class KeyPairsTest {
    private static KeyPair rsa;
    private static KeyPair otherRsa;
    private static KeyPair ec;
    private static KeyPair otherEc;
    private static KeyPair ed;
    private static String rsaCertificate;
    private static String ecCertificate;
    private static String edCertificate;

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        rsa = generator.generateKeyPair();
        otherRsa = generator.generateKeyPair();
        ec = ec("secp256r1");
        otherEc = ec("secp384r1");
        ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        rsaCertificate = certificate(rsa, "SHA256withRSA");
        ecCertificate = certificate(ec, "SHA256withECDSA");
        edCertificate = certificate(ed, "Ed25519");
    }

    private static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static String certificate(KeyPair keys, String algorithm)
            throws OperatorCreationException, java.io.IOException {
        X500Name name = new X500Name("CN=web");
        Instant now = Instant.EPOCH;
        return pem(
                "CERTIFICATE",
                new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now),
                                Date.from(now.plusSeconds(60)),
                                name,
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
                        .getEncoded());
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    private static String key(KeyPair keys) {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** The key without its wrapping, as OpenSSL wrote keys before PKCS#8. */
    private static String older(String type, KeyPair keys) throws java.io.IOException {
        PrivateKeyInfo wrapped = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
        return pem(type, wrapped.parsePrivateKey().toASN1Primitive().getEncoded());
    }

    @Test
    void pairsAreNotSpokenOf() throws Exception {
        assertThat(KeyPairs.problem(rsaCertificate, key(rsa))).isEmpty();
        assertThat(KeyPairs.problem(ecCertificate, key(ec))).isEmpty();
        assertThat(KeyPairs.problem(edCertificate, key(ed))).isEmpty();
        assertThat(KeyPairs.problem("a comment\n" + rsaCertificate + ecCertificate, older("RSA PRIVATE KEY", rsa)))
                .isEmpty();
    }

    @Test
    void keysOfOpenSslForCurvesAreRead() {
        // openssl ecparam -name prime256v1 -genkey: parameters first, then the key with its curve.
        assertThat(KeyPairs.problem(ecCertificate, """
                -----BEGIN EC PARAMETERS-----
                BggqhkjOPQMBBw==
                -----END EC PARAMETERS-----
                -----BEGIN EC PRIVATE KEY-----
                MHcCAQEEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8goAoGCCqGSM49
                AwEHoUQDQgAEUVw9brm545qUIzQW0U8HOQYHgPpW6+bkPmKVqmyrGCKsNAo2EjXJ
                e3yvvO1sgLPD/1/KaG+3BV0/fLYxxbeRPg==
                -----END EC PRIVATE KEY-----
                """)).contains("tls: private key does not match public key");
    }

    @Test
    void keysOfOthersAreNamed() {
        String other = "tls: private key does not match public key";
        assertThat(KeyPairs.problem(rsaCertificate, key(otherRsa))).contains(other);
        assertThat(KeyPairs.problem(ecCertificate, key(otherEc))).contains(other);
        String type = "tls: private key type does not match public key type";
        assertThat(KeyPairs.problem(rsaCertificate, key(ec))).contains(type);
        assertThat(KeyPairs.problem(ecCertificate, key(rsa))).contains(type);
        assertThat(KeyPairs.problem(edCertificate, key(ec))).contains(type);
    }

    @Test
    void whatIsNoCertificateOrNoKeyIsNamed() {
        assertThat(KeyPairs.problem("x", "")).contains("tls: failed to find any PEM data in certificate input");
        assertThat(KeyPairs.problem(rsaCertificate, "")).contains("tls: failed to find any PEM data in key input");
        assertThat(KeyPairs.problem(key(rsa), rsaCertificate))
                .contains("tls: failed to find certificate PEM data in certificate input, but did find a private key;"
                        + " PEM inputs may have been switched");
        assertThat(KeyPairs.problem(rsaCertificate, rsaCertificate))
                .contains("tls: found a certificate rather than a key in the PEM for the private key");
        assertThat(KeyPairs.problem(pem("A", new byte[] {1}) + pem("B", new byte[] {2}), ""))
                .contains("tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks"
                        + " of the following types: [A B]");
        assertThat(KeyPairs.problem(pem("CERTIFICATE", new byte[] {1}), key(rsa)))
                .contains("x509: malformed certificate");
        assertThat(KeyPairs.problem(rsaCertificate, pem("PRIVATE KEY", new byte[] {48, 3, 2, 1, 1})))
                .contains("tls: failed to parse private key");
    }

    @Test
    @Timeout(10)
    void aMegabyteOfBeginsTakesNoTime() {
        String begins = "-----BEGIN CERTIFICATE-----\n".repeat(36_000);
        assertThat(KeyPairs.problem(begins, "")).isPresent();
        assertThat(KeyPairs.problem(begins + "-----END CERTIFICATE-----", "")).isPresent();
        assertThat(KeyPairs.problem("-----BEGIN ".repeat(90_000) + "\n-----END ", ""))
                .isPresent();
    }
}
