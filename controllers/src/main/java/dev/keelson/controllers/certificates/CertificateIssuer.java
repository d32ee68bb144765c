package dev.keelson.controllers.certificates;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** Signs with the cluster's authority, whose files are read when they are needed and not held. */
final class CertificateIssuer {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final Path certificate;
    private final Path key;
    private final SecureRandom random = new SecureRandom();

    CertificateIssuer(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** The certificate as PEM. It never outlives the authority. */
    String issue(PKCS10CertificationRequest request, Profile profile, Instant now) {
        try {
            X509CertificateHolder authority = (X509CertificateHolder) read(certificate);
            Instant end = now.plus(profile.lifetime());
            Instant last = authority.getNotAfter().toInstant();
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    authority.getSubject(),
                    new BigInteger(126, random),
                    Date.from(now.minus(CLOCKS_DIFFER)),
                    Date.from(end.isAfter(last) ? last : end),
                    request.getSubject(),
                    request.getSubjectPublicKeyInfo());
            extend(builder, profile);
            StringWriter text = new StringWriter();
            try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
                pem.writeObject(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signingKey())));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot sign with the cluster's authority %s and its key %s".formatted(certificate, key), e);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("cannot sign with the key " + key, e);
        }
    }

    private static void extend(X509v3CertificateBuilder builder, Profile profile) throws IOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        int usage = (profile.usages().contains("digital signature") ? KeyUsage.digitalSignature : 0)
                | (profile.usages().contains("key encipherment") ? KeyUsage.keyEncipherment : 0);
        if (usage != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        List<KeyPurposeId> purposes = new ArrayList<>();
        if (profile.usages().contains("client auth")) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        if (profile.usages().contains("server auth")) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        builder.addExtension(
                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        List<GeneralName> names = new ArrayList<>();
        profile.dnsNames().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        profile.addresses().forEach(address -> names.add(Addresses.general(address)));
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
    }

    private PrivateKey signingKey() throws IOException {
        return new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) read(key));
    }

    private static Object read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            return parser.readObject();
        }
    }
}
