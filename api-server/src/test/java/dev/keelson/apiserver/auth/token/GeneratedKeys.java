package dev.keelson.apiserver.auth.token;

import dev.keelson.apiserver.auth.Certified;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;

/** Fresh keys for tokens, in the files that the server reads them from. */
final class GeneratedKeys {
    private GeneratedKeys() {}

    static TokenKeys in(Path directory, String name, String algorithm) {
        KeyPair pair = algorithm.equals("EC") ? Certified.elliptic("secp256r1") : Certified.keys(algorithm, 2048);
        Path key = directory.resolve(name + ".key");
        Path pub = directory.resolve(name + ".pub");
        try {
            Files.writeString(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            Files.writeString(pub, pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TokenKeys(key, pub);
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(type, Base64.getMimeEncoder().encodeToString(der), type);
    }
}
