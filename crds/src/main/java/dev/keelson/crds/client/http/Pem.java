package dev.keelson.crds.client.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Reads certificates and PKCS#8 private keys from PEM files (RFC 7468). */
public final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private Pem() {}

    static Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        byte[] text = Files.readAllBytes(file);
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(text))
                .toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw new GeneralSecurityException("no certificate in \"%s\"".formatted(file));
        }
        return chain;
    }

    /** The first key of the file. */
    public static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        PKCS8EncodedKeySpec spec = PemBlocks.of(Files.readString(file, StandardCharsets.ISO_8859_1)).stream()
                .filter(block -> block.type().equals(KEY))
                .findFirst()
                .map(block -> new PKCS8EncodedKeySpec(block.bytes()))
                .orElseThrow(() -> new GeneralSecurityException(
                        "no unencrypted PKCS#8 key in \"%s\"; it must start with -----BEGIN PRIVATE KEY-----"
                                .formatted(file)));
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException otherAlgorithm) {
                // The encoding names its algorithm, but the JDK only tells by refusing the wrong ones.
            }
        }
        throw new GeneralSecurityException("the key in \"%s\" is none of %s".formatted(file, KEY_ALGORITHMS));
    }
}
