package dev.keelson.apiserver.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The user that a client certificate names: common name the user, organizations the groups (Kubernetes' x509 request
 * authenticator). The TLS layer has already verified the chain against the client authority.
 */
public final class CertificateAuthenticator {
    private static final String USER = CertificateAuthenticator.class.getName();
    private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";

    private CertificateAuthenticator() {}

    /** The user of a TLS session; empty when the client showed no certificate. A session's certificate is read once. */
    public static Optional<User> authenticate(SSLSession session) {
        if (session.getValue(USER) instanceof User known) {
            return Optional.of(known);
        }
        Optional<User> user = read(session);
        user.ifPresent(found -> session.putValue(USER, found));
        return user;
    }

    private static Optional<User> read(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? user(certificate.getSubjectX500Principal().getName(), certificate.getEncoded())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException | CertificateEncodingException none) {
            return Optional.empty();
        }
    }

    /** The user with what tells this certificate from others of the same subject. */
    static Optional<User> user(String subject, byte[] certificate) {
        return user(subject)
                .map(user -> new User(
                        user.name(),
                        user.uid(),
                        user.groups(),
                        Map.of(CREDENTIAL, List.of("X509SHA256=" + sha256(certificate)))));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Reads a subject in RFC 2253 form; empty when it has no common name. */
    static Optional<User> user(String subject) {
        List<String> groups = new ArrayList<>();
        Optional<String> name = Optional.empty();
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                String value = part.getValue() instanceof byte[] bytes
                        ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                        : part.getValue().toString();
                if (part.getType().equalsIgnoreCase("CN")) {
                    name = Optional.of(value);
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(value);
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        groups.add(User.AUTHENTICATED);
        return name.filter(found -> !found.isEmpty()).map(found -> new User(found, groups));
    }
}
