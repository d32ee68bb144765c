package dev.keelson.node.server;

import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who may call: the API server and cluster administrators. The handshake has already refused certificates of other
 * authorities, but every node and controller holds one of this authority's.
 */
final class CallerCheck {
    private static final String API_SERVER = "kube-apiserver-kubelet-client";
    private static final String ADMINISTRATORS = "system:masters";

    private CallerCheck() {}

    static boolean allows(HttpServerRequest request) {
        return certificate(request).map(CallerCheck::allows).orElse(false);
    }

    private static Optional<X509Certificate> certificate(HttpServerRequest request) {
        if (request.sslSession() == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = request.sslSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first
                    ? Optional.of(first)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException anonymous) {
            return Optional.empty();
        }
    }

    private static boolean allows(X509Certificate certificate) {
        return allows(certificate.getSubjectX500Principal().getName());
    }

    /** @param subject distinguished name as in RFC 2253 */
    static boolean allows(String subject) {
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                boolean apiServer =
                        part.getType().equalsIgnoreCase("CN") && part.getValue().equals(API_SERVER);
                boolean admin =
                        part.getType().equalsIgnoreCase("O") && part.getValue().equals(ADMINISTRATORS);
                if (apiServer || admin) {
                    return true;
                }
            }
            return false;
        } catch (InvalidNameException unreadable) {
            return false;
        }
    }
}
