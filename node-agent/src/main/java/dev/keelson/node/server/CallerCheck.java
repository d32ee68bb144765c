package dev.keelson.node.server;

import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who may call. The API server and cluster administrators are known by their certificate, and wait for nobody. Whoever else has
 * a certificate of the cluster's authority or a token is let in as the kubelet does it: the cluster is asked whether he may
 * {@code get} (or what the method stands for) {@code nodes/stats}, {@code nodes/metrics} or {@code nodes/proxy} of this node.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/">Kubelet
 *     authentication/authorization</a>
 */
final class CallerCheck {
    private static final String API_SERVER = "kube-apiserver-kubelet-client";
    private static final String ADMINISTRATORS = "system:masters";
    private static final String BEARER = "Bearer ";

    private final CallerReviews reviews;

    CallerCheck(CallerReviews reviews) {
        this.reviews = reviews;
    }

    void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        Optional<Caller> known = certificate(request)
                .map(certificate -> certificate.getSubjectX500Principal().getName())
                .flatMap(CallerCheck::caller);
        String authorization =
                Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        if (known.filter(CallerCheck::trusted).isPresent()) {
            context.next();
        } else if (known.isPresent() || authorization.startsWith(BEARER)) {
            Context here = context.vertx().getOrCreateContext();
            request.pause();
            Routes.blocking(context, () -> ask(context, here, known, authorization));
        } else {
            Answers.refuse(context.response(), 401, "Unauthorized", "Unauthorized");
        }
    }

    private void ask(RoutingContext context, Context here, Optional<Caller> known, String authorization) {
        Optional<Caller> caller = known.or(
                () -> reviews.owner(authorization.substring(BEARER.length()).strip()));
        String verb = verb(context.request().method());
        String part = part(context.normalizedPath());
        if (caller.isEmpty()) {
            here.runOnContext(_ -> Answers.refuse(context.response(), 401, "Unauthorized", "Unauthorized"));
        } else if (reviews.allows(caller.get(), verb, part)) {
            here.runOnContext(_ -> {
                context.next();
                context.request().resume();
            });
        } else {
            String why = "Forbidden (user=%s, verb=%s, resource=nodes, subresource=%s)"
                    .formatted(caller.get().user(), verb, part);
            here.runOnContext(_ -> Answers.refuse(context.response(), 403, "Forbidden", why));
        }
    }

    private static String verb(HttpMethod method) {
        return switch (method.name()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "get";
        };
    }

    static String part(String path) {
        if (path.startsWith("/stats")) {
            return "stats";
        }
        return path.startsWith("/metrics") ? "metrics" : "proxy";
    }

    private static Optional<X509Certificate> certificate(HttpServerRequest request) {
        if (request.sslSession() == null) {
            return Optional.empty();
        }
        try {
            return request.sslSession().getPeerCertificates()[0] instanceof X509Certificate first
                    ? Optional.of(first)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException anonymous) {
            return Optional.empty();
        }
    }

    static boolean trusted(Caller caller) {
        return caller.user().equals(API_SERVER) || caller.groups().contains(ADMINISTRATORS);
    }

    /** @param subject distinguished name as in RFC 2253: the common name is the user, organizations are groups */
    static Optional<Caller> caller(String subject) {
        String user = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    user = String.valueOf(part.getValue());
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException unreadable) {
            return Optional.empty();
        }
        groups.add("system:authenticated");
        return user.isEmpty() ? Optional.empty() : Optional.of(new Caller(user, groups));
    }
}
