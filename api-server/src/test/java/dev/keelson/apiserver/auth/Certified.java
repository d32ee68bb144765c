package dev.keelson.apiserver.auth;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate with its key, which may sign others. A server that shows it is at home on this machine. */
public record Certified(X509Certificate certificate, KeyPair keys) {

    /**
     * What a certificate shall say.
     *
     * @param usages extended ones; none if empty
     * @param signature as the JDK names it; it must suit the key that signs
     */
    public record Wanted(
            String subject,
            boolean authority,
            Instant from,
            Instant until,
            List<KeyPurposeId> usages,
            KeyPair keys,
            String signature) {

        private Wanted(String subject, boolean authority, Instant from, Instant until, List<KeyPurposeId> usages) {
            this(subject, authority, from, until, usages, elliptic("secp256r1"), "SHA256withECDSA");
        }

        /** A client's, for an hour. */
        public static Wanted client(String subject, Instant now) {
            return new Wanted(
                    subject,
                    false,
                    now.minus(Duration.ofMinutes(5)),
                    now.plus(Duration.ofHours(1)),
                    List.of(KeyPurposeId.id_kp_clientAuth));
        }

        /** An authority's, for a year. */
        public static Wanted authority(String subject, Instant now) {
            return new Wanted(subject, true, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(365)), List.of());
        }

        public Wanted valid(Instant begins, Instant ends) {
            return new Wanted(subject, authority, begins, ends, usages, keys, signature);
        }

        public Wanted usedFor(KeyPurposeId... others) {
            return new Wanted(subject, authority, from, until, List.of(others), keys, signature);
        }

        public Wanted keys(KeyPair others) {
            return new Wanted(subject, authority, from, until, usages, others, signature);
        }

        public Wanted signature(String other) {
            return new Wanted(subject, authority, from, until, usages, keys, other);
        }
    }

    public static Certified selfSigned(Wanted wanted) {
        return sign(wanted, wanted.subject(), wanted.keys());
    }

    public Certified issue(Wanted wanted) {
        return sign(wanted, certificate.getSubjectX500Principal().getName(), keys);
    }

    private static Certified sign(Wanted wanted, String issuer, KeyPair signing) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    new BigInteger(64, new java.security.SecureRandom()),
                    Date.from(wanted.from()),
                    Date.from(wanted.until()),
                    new X500Name(wanted.subject()),
                    wanted.keys().getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(wanted.authority()));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            }));
            if (!wanted.usages().isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(wanted.usages().toArray(KeyPurposeId[]::new)));
            }
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(wanted.signature()).build(signing.getPrivate())));
            return new Certified(certificate, wanted.keys());
        } catch (GeneralSecurityException | OperatorException | IOException e) {
            throw new IllegalStateException("cannot make a test certificate", e);
        }
    }

    public static KeyPair elliptic(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
