package dev.keelson.apiserver.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/**
 * The user that a client certificate names: common name the user, organizations the groups, and the attribute
 * 1.3.6.1.4.1.57683.2 the uid (Kubernetes' x509 request authenticator; the uid with AllowParsingUserUIDFromCertAuth, which is
 * on since 1.33). TLS has only made sure that the client has the key; whether the certificate is to be believed is judged here,
 * for every request, since a certificate expires while its connection is open and authorities are replaced.
 */
public final class CertificateAuthenticator {
    private static final String KNOWN = CertificateAuthenticator.class.getName();
    private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";
    private static final String UID = "uid";
    /** Attributes that RFC 2253 has no word for are else shown as the bytes of their encoding. */
    private static final Map<String, String> WORDS = Map.of("1.3.6.1.4.1.57683.2", UID);

    private final Supplier<ClientAuthority> authorities;
    private final InstantSource clock;

    /** @param authorities whose certificates are believed now; what was judged by one is not asked of another */
    public CertificateAuthenticator(Supplier<ClientAuthority> authorities, InstantSource clock) {
        this.authorities = authorities;
        this.clock = clock;
    }

    /** What a session's certificate says of its user. */
    public sealed interface Verdict {
        /** The client showed no certificate, or one without a common name. */
        record Nobody() implements Verdict {}

        /** @param until when the certificate ends */
        record Known(User user, Instant until) implements Verdict {}

        /** A certificate that is not believed: nobody's, and yet the client did not come as nobody. */
        record Refused(String why) implements Verdict {}
    }

    /** A verdict with what it depends on: a session keeps it until that changes. */
    private record Judged(Verdict verdict, ClientAuthority authority, long from, long until) {
        boolean holds(ClientAuthority current, long now) {
            return authority == current && from <= now && now < until;
        }
    }

    /** The user of a TLS session. A session's certificates are verified once for each time that they become or cease to be valid. */
    public Verdict authenticate(SSLSession session) {
        ClientAuthority authority = authorities.get();
        long now = clock.millis();
        if (session.getValue(KNOWN) instanceof Judged known && known.holds(authority, now)) {
            return known.verdict();
        }
        Judged judged = judge(shown(session), authority, Instant.ofEpochMilli(now));
        session.putValue(KNOWN, judged);
        return judged.verdict();
    }

    private static List<X509Certificate> shown(SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    private static Judged judge(List<X509Certificate> shown, ClientAuthority authority, Instant now) {
        if (shown.isEmpty()) {
            return new Judged(new Verdict.Nobody(), authority, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        ClientAuthority.Finding finding = authority.judge(shown, now);
        Verdict verdict = finding.problem().<Verdict>map(Verdict.Refused::new).orElseGet(() -> user(shown.getFirst()));
        return new Judged(verdict, authority, finding.from(), finding.until());
    }

    private static Verdict user(X509Certificate certificate) {
        try {
            return user(
                    certificate.getSubjectX500Principal(),
                    certificate.getEncoded(),
                    certificate.getNotAfter().toInstant());
        } catch (CertificateEncodingException unreadable) {
            return new Verdict.Refused(unreadable.getMessage());
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
