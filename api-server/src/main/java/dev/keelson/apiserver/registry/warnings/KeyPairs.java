package dev.keelson.apiserver.registry.warnings;

import dev.keelson.crds.client.http.PemBlocks;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a certificate and a key are a pair, in the words of Go's {@code tls.X509KeyPair}. */
final class KeyPairs {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final Map<String, String> SIGNATURES = Map.of("EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final byte[] ANYTHING = {1, 2, 3};

    private KeyPairs() {}

    static Optional<String> problem(String certificates, String key) {
        List<PemBlocks.Block> chain = PemBlocks.of(certificates);
        Optional<PemBlocks.Block> first =
                chain.stream().filter(block -> block.type().equals(CERTIFICATE)).findFirst();
        if (first.isEmpty()) {
            return Optional.of(noCertificate(types(chain)));
        }
        List<PemBlocks.Block> keys = PemBlocks.of(key);
        Optional<PemBlocks.Block> own =
                keys.stream().filter(block -> isKey(block.type())).findFirst();
        if (own.isEmpty()) {
            return Optional.of(noKey(types(keys)));
        }
        return publicKey(first.get().bytes())
                .map(shown -> problem(shown, PrivateKeys.read(own.get().bytes())))
                .orElse(Optional.of("x509: malformed certificate"));
    }

    private static boolean isKey(String type) {
        return type.equals(KEY) || type.endsWith(" " + KEY);
    }

    private static List<String> types(List<PemBlocks.Block> blocks) {
        return blocks.stream().map(PemBlocks.Block::type).toList();
    }

    private static String noCertificate(List<String> types) {
        if (types.isEmpty()) {
            return "tls: failed to find any PEM data in certificate input";
        }
        if (types.size() == 1 && types.getFirst().endsWith(KEY)) {
            return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM"
                    + " inputs may have been switched";
        }
        return "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the"
                + " following types: " + inGo(types);
    }

    private static String noKey(List<String> types) {
        if (types.isEmpty()) {
            return "tls: failed to find any PEM data in key input";
        }
        if (types.equals(List.of(CERTIFICATE))) {
            return "tls: found a certificate rather than a key in the PEM for the private key";
        }
        return "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM"
                + " blocks of the following types: " + inGo(types);
    }

    private static String inGo(List<String> types) {
        return "[" + String.join(" ", types) + "]";
    }

    private static Optional<PublicKey> publicKey(byte[] der) {
        try {
            return Optional.of(CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey());
        } catch (CertificateException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<String> problem(PublicKey shown, Optional<PrivateKey> own) {
        if (own.isEmpty()) {
            return Optional.of("tls: failed to parse private key");
        }
        String algorithm = shown.getAlgorithm();
        if (!Set.of("RSA", "EC", "EdDSA", "Ed25519").contains(algorithm)) {
            return Optional.of("tls: unknown public key algorithm");
        }
        boolean rsa = shown instanceof RSAPublicKey;
        if (rsa != own.get() instanceof RSAPrivateKey
                || algorithm.equals("EC") != own.get().getAlgorithm().equals("EC")) {
            return Optional.of("tls: private key type does not match public key type");
        }
        return belong(shown, own.get()) ? Optional.empty() : Optional.of("tls: private key does not match public key");
    }

    private static boolean belong(PublicKey shown, PrivateKey own) {
        if (shown instanceof RSAPublicKey there && own instanceof RSAPrivateKey here) {
            return there.getModulus().equals(here.getModulus());
        }
        try {
            // The JDK does not work out the public half of these: what one signs, the other must find right.
            Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(own.getAlgorithm(), "EdDSA"));
            signature.initSign(own);
            signature.update(ANYTHING);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(ANYTHING);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherCurve) {
            return false;
        }
    }
}
