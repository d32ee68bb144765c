package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's certificates: one authority (ECDSA P-256) and one certificate per identity, as PEM files. What exists
 * and is still valid for a month is kept; what is missing, expiring or made for other addresses is made again.
 */
public final class Pki {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final int RSA_BITS = 2048;

    private final Path directory;
    private final Instant now;
    private final SecureRandom random = new SecureRandom();

    public Pki(Path directory, Instant now) {
        this.directory = directory;
        this.now = now;
    }

    /**
     * One certificate to have.
     *
     * @param file base name of {@code file.crt} and {@code file.key}
     * @param commonName the user it names; {@code organization} its group, or empty
     * @param dnsNames names and {@code addresses} IPv4 addresses that a server answers for
     */
    public record Identity(
            String file,
            String commonName,
            String organization,
            List<String> dnsNames,
            List<String> addresses,
            KeyType keyType) {

        Identity(String file, String commonName, String organization, List<String> dnsNames, List<String> addresses) {
            this(file, commonName, organization, dnsNames, addresses, KeyType.EC);
        }

        static Identity client(String file, String user, String group) {
            return new Identity(file, user, group, List.of(), List.of());
        }

        /** The same with an RSA key, which client libraries read that take every PKCS #8 file for one. */
        Identity withRsaKey() {
            return new Identity(file, commonName, organization, dnsNames, addresses, KeyType.RSA);
        }
    }

    /** The algorithm that a key is for. */
    public enum KeyType {
        EC,
        RSA
    }

    private record Issuer(X500Name name, PrivateKey key) {}

    public Path certificate(String file) {
        return directory.resolve(file + ".crt");
    }

    public Path key(String file) {
        return directory.resolve(file + ".key");
    }

    /** Makes what is missing; answers the files that were written. */
    public List<Path> ensure(List<Identity> identities) {
        try {
            Files.createDirectories(directory);
            List<Path> written = new ArrayList<>();
            if (!Files.exists(certificate("ca"))) {
                makeAuthority();
                written.add(certificate("ca"));
            }
            Issuer issuer = readIssuer();
            for (Identity identity : identities) {
                if (!stillGood(identity)) {
                    issue(identity, issuer);
                    written.add(certificate(identity.file()));
                }
            }
            return written;
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new CliException("cannot make the cluster's certificates in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** A key pair without a certificate: {@code file.key} signs, {@code file.pub} verifies. What exists is kept. */
    public void ensureKeyPair(String file) {
        try {
            Path verifying = directory.resolve(file + ".pub");
            if (!Files.exists(key(file)) || !Files.exists(verifying)) {
                KeyPair pair = newKey();
                PrivateFiles.write(
                        key(file), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
                PrivateFiles.write(verifying, pem("PUBLIC KEY", pair.getPublic().getEncoded()), "rw-r--r--");
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new CliException(
                    "cannot make the key pair %s in %s: %s".formatted(file, directory, e.getMessage()), e);
        }
    }

    private void makeAuthority() throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair pair = newKey();
        X500Name name = new X500Name("CN=keelson-ca");
        X509v3CertificateBuilder builder = builder(name, name, pair, AUTHORITY_LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
        write("ca", sign(builder, pair.getPrivate()), pair.getPrivate());
    }

    private void issue(Identity identity, Issuer issuer)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair pair = identity.keyType() == KeyType.RSA ? newRsaKey() : newKey();
        String organization = identity.organization().isEmpty() ? "" : "O=" + identity.organization() + ",";
        X500Name subject = new X500Name(organization + "CN=" + identity.commonName());
        X509v3CertificateBuilder builder = builder(issuer.name(), subject, pair, LEAF_LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
        }));
        GeneralName[] names = names(identity);
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        write(identity.file(), sign(builder, issuer.key()), pair.getPrivate());
    }

    private static GeneralName[] names(Identity identity) {
        List<GeneralName> names = new ArrayList<>();
        identity.dnsNames().forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
        identity.addresses().forEach(ip -> names.add(new GeneralName(GeneralName.iPAddress, ip)));
        return names.toArray(GeneralName[]::new);
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair, Duration life) {
        // An hour back: clocks of nodes differ a little.
        Date from = Date.from(now.minus(Duration.ofHours(1)));
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(120, random),
                from,
                Date.from(now.plus(life)),
                subject,
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private KeyPair newRsaKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS, random);
        return generator.generateKeyPair();
    }

    private boolean stillGood(Identity identity) throws IOException, GeneralSecurityException {
        if (!Files.exists(certificate(identity.file())) || !Files.exists(key(identity.file()))) {
            return false;
        }
        X509Certificate present = readCertificate(identity.file());
        boolean lasts = present.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE));
        List<String> covered = new ArrayList<>();
        if (present.getSubjectAlternativeNames() != null) {
            present.getSubjectAlternativeNames().forEach(name -> covered.add(String.valueOf(name.get(1))));
        }
        return lasts
                && covered.containsAll(identity.dnsNames())
                && covered.containsAll(identity.addresses())
                && signedByAuthority(present);
    }

    private boolean signedByAuthority(X509Certificate certificate) throws IOException, GeneralSecurityException {
        try {
            certificate.verify(readCertificate("ca").getPublicKey());
            return true;
        } catch (SignatureException | InvalidKeyException ofAnother) {
            return false;
        }
    }

    private X509Certificate readCertificate(String file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(certificate(file))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private Issuer readIssuer() throws IOException, GeneralSecurityException {
        String pem = Files.readString(key("ca")).replaceAll("-----[^-]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        String name = readCertificate("ca").getSubjectX500Principal().getName(X500Principal.RFC2253);
        return new Issuer(new X500Name(name), key);
    }

    private void write(String file, X509Certificate certificate, PrivateKey key)
            throws IOException, GeneralSecurityException {
        // Key first: a certificate without its key would be taken for complete.
        PrivateFiles.write(key(file), pem("PRIVATE KEY", key.getEncoded()));
        PrivateFiles.write(certificate(file), pem("CERTIFICATE", certificate.getEncoded()), "rw-r--r--");
    }

    private static String pem(String label, byte[] der) {
        StringWriter text = new StringWriter();
        text.append("-----BEGIN ").append(label).append("-----\n");
        text.append(Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der));
        text.append("\n-----END ").append(label).append("-----\n");
        return text.toString();
    }
}
