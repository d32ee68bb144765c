package dev.keelson.apiserver.auth;

import java.lang.reflect.Proxy;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The TLS session of a client that has shown some certificates, or none; counts how often they were asked for. */
final class ShownCertificates {
    private final List<X509Certificate> chain;
    private final Map<String, Object> values = new HashMap<>();
    private int readings;

    ShownCertificates(List<X509Certificate> chain) {
        this.chain = chain;
    }

    int readings() {
        return readings;
    }

    SSLSession session() {
        return (SSLSession) Proxy.newProxyInstance(
                SSLSession.class.getClassLoader(), new Class<?>[] {SSLSession.class}, (self, method, arguments) -> {
                    return switch (method.getName()) {
                        case "getPeerCertificates" -> certificates();
                        case "getValue" -> values.get((String) arguments[0]);
                        case "putValue" -> values.put((String) arguments[0], arguments[1]);
                        default -> throw new AssertionError("certificates are judged without " + method.getName());
                    };
                });
    }

    private Certificate[] certificates() throws SSLPeerUnverifiedException {
        readings++;
        if (chain.isEmpty()) {
            throw new SSLPeerUnverifiedException("peer not authenticated");
        }
        return chain.toArray(Certificate[]::new);
    }
}
