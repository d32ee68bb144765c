package dev.keelson.apiserver.registry.warnings;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Private keys as certificates come with them: in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC); the JDK reads the first only. */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 4;
    private static final int CURVE = 0xa0;

    private PrivateKeys() {}

    static Optional<PrivateKey> read(byte[] der) {
        return inPkcs8(der).or(() -> inPkcs8(wrapped(RSA, der))).or(() -> curve(der)
                .flatMap(curve -> inPkcs8(wrapped(joined(EC, curve), der))));
    }

    private static Optional<PrivateKey> inPkcs8(byte[] der) {
        for (String algorithm : ALGORITHMS) {
            try {
                return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
            } catch (GeneralSecurityException | RuntimeException another) {
                // Only trying tells which algorithm the encoding names.
            }
        }
        return Optional.empty();
    }

    /** PrivateKeyInfo of RFC 5208 around a key of an older form. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return value(SEQUENCE, joined(joined(VERSION, value(SEQUENCE, algorithm)), value(OCTETS, key)));
    }

    /** Which curve an ECPrivateKey of RFC 5915 says that it is of: after its version and the number itself. */
    private static Optional<byte[]> curve(byte[] der) {
        try {
            ByteBuffer key = content(ByteBuffer.wrap(der), SEQUENCE);
            content(key, 2);
            content(key, OCTETS);
            ByteBuffer curve = content(key, CURVE);
            byte[] name = new byte[curve.remaining()];
            curve.get(name);
            return Optional.of(name);
        } catch (BufferUnderflowException | IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    private static ByteBuffer content(ByteBuffer der, int tag) {
        if ((der.get() & 0xff) != tag) {
            throw new IllegalArgumentException("another tag than " + tag);
        }
        int length = der.get() & 0xff;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der.get() & 0xff;
            }
        }
        ByteBuffer content = der.slice(der.position(), length);
        der.position(der.position() + length);
        return content;
    }

    private static byte[] value(int tag, byte[] content) {
        byte[] head = content.length < 0x80
                ? new byte[] {(byte) tag, (byte) content.length}
                : new byte[] {
                    (byte) tag,
                    (byte) 0x83,
                    (byte) (content.length >> 16),
                    (byte) (content.length >> 8),
                    (byte) content.length
                };
        return joined(head, content);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
