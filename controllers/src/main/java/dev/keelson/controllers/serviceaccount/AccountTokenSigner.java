package dev.keelson.controllers.serviceaccount;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.http.Pem;
import dev.keelson.crds.client.http.PemBlocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/**
 * Signs tokens that end with the Secret that holds them (Kubernetes' legacy tokens: RFC 7519, no expiry, private claims below
 * {@code kubernetes.io/serviceaccount}). The key's files are read when they are needed and not held.
 */
final class AccountTokenSigner {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String ISSUER = "kubernetes/serviceaccount";
    private static final String PRIVATE = "kubernetes.io/serviceaccount/";

    private final TokenKeyFiles files;

    AccountTokenSigner(TokenKeyFiles files) {
        this.files = files;
    }

    String sign(ObjectKey secret, String account, String accountUid) {
        ObjectNode claims = JsonNodeFactory.instance
                .objectNode()
                .put("iss", ISSUER)
                .put(PRIVATE + "namespace", secret.namespace())
                .put(PRIVATE + "secret.name", secret.name())
                .put(PRIVATE + "service-account.name", account)
                .put(PRIVATE + "service-account.uid", accountUid)
                .put("sub", "system:serviceaccount:" + secret.namespace() + ":" + account);
        try {
            return sign(claims, Pem.privateKey(files.key()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the key of service account tokens " + files, unreadable);
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException("cannot sign with the key of service account tokens " + files, unusable);
        }
    }

    private String sign(ObjectNode claims, PrivateKey key) throws IOException, GeneralSecurityException {
        boolean rsa = key.getAlgorithm().equals("RSA");
        ObjectNode header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", rsa ? "RS256" : "ES256")
                .put("kid", keyId());
        String content = encoded(header) + "." + encoded(claims);
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + BASE64.encodeToString(signature.sign());
    }

    /** As the API server finds a key: by the digest of its encoding. */
    private String keyId() throws IOException, GeneralSecurityException {
        byte[] first = PemBlocks.of(Files.readString(files.publicKeys(), StandardCharsets.US_ASCII))
                .getFirst()
                .bytes();
        return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(first));
    }

    private static String encoded(ObjectNode json) {
        return BASE64.encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
