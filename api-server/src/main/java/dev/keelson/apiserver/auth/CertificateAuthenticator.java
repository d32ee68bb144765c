package dev.keelson.apiserver.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/**
 * The user that a client certificate names: common name the user, organizations the groups, and the attribute
 * 1.3.6.1.4.1.57683.2 the uid (Kubernetes' x509 request authenticator; the uid with AllowParsingUserUIDFromCertAuth, which is
 * on since 1.33). The TLS layer has already verified the chain against the client authority.
 */
public final class CertificateAuthenticator {
    private static final String KNOWN = CertificateAuthenticator.class.getName();
    private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";
    private static final String UID = "uid";
    /** Attributes that RFC 2253 has no word for are else shown as the bytes of their encoding. */
    private static final Map<String, String> WORDS = Map.of("1.3.6.1.4.1.57683.2", UID);

    private CertificateAuthenticator() {}

    /** What a session's certificate says of its user. */
    public sealed interface Verdict {
        /** The client showed no certificate, or one without a common name. */
        record Nobody() implements Verdict {}

        /** @param until when the certificate ends */
        record Known(User user, Instant until) implements Verdict {}

        /** A certificate that must not be taken for anybody's. */
        record Refused(String why) implements Verdict {}
    }

    /** The user of a TLS session. A session's certificate is read once. */
    public static Verdict authenticate(SSLSession session) {
        if (session.getValue(KNOWN) instanceof Verdict known) {
            return known;
        }
        Verdict read = read(session);
        session.putValue(KNOWN, read);
        return read;
    }

    private static Verdict read(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? user(
                            certificate.getSubjectX500Principal(),
                            certificate.getEncoded(),
                            certificate.getNotAfter().toInstant())
                    : new Verdict.Nobody();
        } catch (SSLPeerUnverifiedException | CertificateEncodingException none) {
            return new Verdict.Nobody();
        }
    }

    /** The user with what tells this certificate from others of the same subject. */
    static Verdict user(X500Principal subject, byte[] certificate, Instant until) {
        List<Attribute> attributes = attributes(subject);
        List<String> names = texts(attributes, "CN");
        if (names.isEmpty() || names.getLast().isEmpty()) {
            return new Verdict.Nobody();
        }
        List<String> uids = texts(attributes, UID);
        if (uids.size() > 1) {
            return new Verdict.Refused("expected 1 UID, but found multiple: " + uids);
        }
        if (uids.contains("") || uids.size() < count(attributes, UID)) {
            return new Verdict.Refused("the UID is no text, or empty");
        }
        List<String> groups = new ArrayList<>(texts(attributes, "O"));
        groups.add(User.AUTHENTICATED);
        User user = new User(
                names.getLast(),
                uids.isEmpty() ? "" : uids.getFirst(),
                groups,
                Map.of(CREDENTIAL, List.of("X509SHA256=" + sha256(certificate))));
        return new Verdict.Known(user, until);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** A part of a subject; the value is bytes when it is none of ASN.1's texts. */
    private record Attribute(String type, Object value) {}

    /** In the order of the certificate. */
    private static List<Attribute> attributes(X500Principal subject) {
        try {
            List<Attribute> found = new ArrayList<>();
            for (Rdn part : new LdapName(subject.getName(X500Principal.RFC2253, WORDS)).getRdns()) {
                for (var attribute : Collections.list(part.toAttributes().getAll())) {
                    for (Object value : Collections.list(attribute.getAll())) {
                        found.add(new Attribute(attribute.getID(), value));
                    }
                }
            }
            return found;
        } catch (NamingException unreadable) {
            return List.of();
        }
    }

    private static List<String> texts(List<Attribute> attributes, String type) {
        return attributes.stream()
                .filter(attribute -> attribute.type().equalsIgnoreCase(type))
                .filter(attribute -> attribute.value() instanceof String)
                .map(attribute -> (String) attribute.value())
                .toList();
    }

    private static long count(List<Attribute> attributes, String type) {
        return attributes.stream()
                .filter(attribute -> attribute.type().equalsIgnoreCase(type))
                .count();
    }
}
