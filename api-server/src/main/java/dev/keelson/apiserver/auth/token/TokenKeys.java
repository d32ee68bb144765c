package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of service account tokens: one that signs, and all that are believed, so that a key can be replaced while its
 * tokens still live. Elliptic (P-256, ES256) or RSA (RS256).
 */
public final class TokenKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (?:PUBLIC|PRIVATE) KEY-----([^-]+)-----END (?:PUBLIC|PRIVATE) KEY-----");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    /** Bytes of a coordinate on P-256. */
    private static final int COORDINATE = 32;

    private final PrivateKey signing;
    private final Map<String, PublicKey> believed = new LinkedHashMap<>();
    private final String signingId;

    /**
     * @param privateFile PEM (PKCS#8) of the key that signs
     * @param publicFile PEM with the public keys that are believed; the first belongs to the one that signs
     */
    public TokenKeys(Path privateFile, Path publicFile) {
        try {
            this.signing = privateKey(blocks(privateFile).getFirst());
            for (byte[] der : blocks(publicFile)) {
                PublicKey key = publicKey(der);
                believed.put(id(key), key);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "cannot read the keys of service account tokens (%s, %s): %s"
                            .formatted(privateFile, publicFile, e.getMessage()),
                    e);
        }
        this.signingId = believed.keySet().iterator().next();
    }

    String algorithm() {
        return algorithm(signing);
    }

    /** The {@code kid} of what is signed now. */
    String signingId() {
        return signingId;
    }

    byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance(signatureName(signing));
            signature.initSign(signing);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a token", e);
        }
    }

    /** Whether a key of ours made the signature. */
    boolean verify(String keyId, String algorithm, byte[] content, byte[] signature) {
        return Optional.ofNullable(believed.get(keyId))
                .filter(key -> algorithm(key).equals(algorithm))
                .map(key -> verify(key, content, signature))
                .orElse(false);
    }

    private static boolean verify(PublicKey key, byte[] content, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(signatureName(key));
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    /** The public keys as a JSON Web Key Set (RFC 7517). */
    ObjectNode keySet() {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        ArrayNode keys = set.putArray("keys");
        believed.forEach((id, key) -> {
            ObjectNode entry = keys.addObject();
            entry.put("use", "sig").put("kid", id).put("alg", algorithm(key));
            switch (key) {
                case ECPublicKey ec ->
                    entry.put("kty", "EC")
                            .put("crv", "P-256")
                            .put("x", coordinate(ec.getW().getAffineX()))
                            .put("y", coordinate(ec.getW().getAffineY()));
                case RSAPublicKey rsa ->
                    entry.put("kty", "RSA")
                            .put("n", number(rsa.getModulus()))
                            .put("e", number(rsa.getPublicExponent()));
                default -> throw new IllegalStateException("no key set entry for " + key.getAlgorithm());
            }
        });
        return set;
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = unsigned(value);
        byte[] padded = new byte[COORDINATE];
        System.arraycopy(bytes, 0, padded, COORDINATE - bytes.length, bytes.length);
        return BASE64.encodeToString(padded);
    }

    private static String number(BigInteger value) {
        return BASE64.encodeToString(unsigned(value));
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String id(PublicKey key) throws GeneralSecurityException {
        return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    }

    private static String algorithm(Key key) {
        return key.getAlgorithm().equals("RSA") ? "RS256" : "ES256";
    }

    private static String signatureName(Key key) {
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format";
    }

    private static PrivateKey privateKey(byte[] der) throws GeneralSecurityException {
        return eitherWay(new PKCS8EncodedKeySpec(der), KeyFactory::generatePrivate);
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        return eitherWay(new X509EncodedKeySpec(der), KeyFactory::generatePublic);
    }

    private interface Reading<T> {
        T read(KeyFactory factory, EncodedKeySpec spec) throws GeneralSecurityException;
    }

    private static <T> T eitherWay(EncodedKeySpec spec, Reading<T> reading) throws GeneralSecurityException {
        try {
            return reading.read(KeyFactory.getInstance("EC"), spec);
        } catch (GeneralSecurityException notElliptic) {
            return reading.read(KeyFactory.getInstance("RSA"), spec);
        }
    }

    private static List<byte[]> blocks(Path file) throws IOException, GeneralSecurityException {
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        List<byte[]> found = matcher.results()
                .map(block -> Base64.getMimeDecoder().decode(block.group(1)))
                .toList();
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no key in PEM form");
        }
        return found;
    }
}
