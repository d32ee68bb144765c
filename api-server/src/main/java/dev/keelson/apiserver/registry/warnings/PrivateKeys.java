package dev.keelson.apiserver.registry.warnings;

import java.io.IOException;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Private keys as certificates come with them: in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC); the JDK reads the first only. */
final class PrivateKeys {
    private static final List<Function<byte[], PrivateKeyInfo>> FORMS =
            List.of(PrivateKeyInfo::getInstance, PrivateKeys::rsa, PrivateKeys::curve);

    private PrivateKeys() {}

    static Optional<PrivateKey> read(byte[] der) {
        return FORMS.stream().flatMap(form -> key(form, der).stream()).findFirst();
    }

    /** Only trying tells which form a key has, as Go does. */
    private static Optional<PrivateKey> key(Function<byte[], PrivateKeyInfo> form, byte[] der) {
        try {
            return Optional.of(new JcaPEMKeyConverter().getPrivateKey(form.apply(der)));
        } catch (PEMException | RuntimeException another) {
            return Optional.empty();
        }
    }

    private static PrivateKeyInfo rsa(byte[] der) {
        return info(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                RSAPrivateKey.getInstance(der));
    }

    private static PrivateKeyInfo curve(byte[] der) {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        return info(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()), key);
    }

    private static PrivateKeyInfo info(AlgorithmIdentifier algorithm, ASN1Encodable key) {
        try {
            return new PrivateKeyInfo(algorithm, key);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a key", e);
        }
    }
}
