package dev.keelson.apiserver.http;

import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.auth.AlwaysAllowed;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.AuthorizerChain;
import dev.keelson.apiserver.auth.CertificateAuthenticator;
import dev.keelson.apiserver.auth.node.NodeAuthorizer;
import dev.keelson.apiserver.auth.node.NodeGraph;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy;
import dev.keelson.apiserver.auth.rbac.EscalationAdmission;
import dev.keelson.apiserver.auth.rbac.RbacAuthorizer;
import dev.keelson.apiserver.auth.rbac.RbacWatch;
import dev.keelson.apiserver.auth.review.AccessReviews;
import dev.keelson.apiserver.auth.review.IdentityReviews;
import dev.keelson.apiserver.auth.token.BootstrapTokens;
import dev.keelson.apiserver.auth.token.SecretTokens;
import dev.keelson.apiserver.auth.token.ServiceAccountTokens;
import dev.keelson.apiserver.auth.token.TokenAuthenticator;
import dev.keelson.apiserver.auth.token.TokenKeys;
import dev.keelson.apiserver.registry.ReviewKind;
import dev.keelson.apiserver.watch.WatchCache;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who may come in and what they may do, put together.
 *
 * @param certificates judges client certificates
 * @param accounts issues the tokens of service accounts
 * @param tokens judges bearer tokens of every kind
 * @param escalation keeps users from granting more than they have
 */
public record AuthParts(
        CertificateAuthenticator certificates,
        ServiceAccountTokens accounts,
        TokenAuthenticator tokens,
        Authorizer authorizer,
        Admission escalation) {

    static AuthParts of(
            WatchCache cache,
            CertificateAuthenticator certificates,
            BootstrapPolicy policy,
            TokenKeys keys,
            String issuer,
            Clock clock) {
        RbacWatch rbac = RbacWatch.start(cache);
        ServiceAccountTokens accounts = new ServiceAccountTokens(keys, issuer, cache, clock);
        Authorizer authorizer = new AuthorizerChain(List.of(
                new AlwaysAllowed(),
                new NodeAuthorizer(NodeGraph.start(cache), policy),
                new RbacAuthorizer(rbac::index)));
        return new AuthParts(
                certificates,
                accounts,
                TokenAuthenticator.firstOf(List.of(
                        accounts, new SecretTokens(keys, issuer, cache), new BootstrapTokens(cache, clock, issuer))),
                authorizer,
                new EscalationAdmission(rbac::index, authorizer));
    }

    List<ReviewKind> reviews() {
        return reviews(authorizer, tokens, accounts.issuer());
    }

    /** The questions that this server answers, also for discovery. */
    public static List<ReviewKind> reviews(Authorizer authorizer, TokenAuthenticator tokens, String audience) {
        return Stream.of(new AccessReviews(authorizer).kinds(), new IdentityReviews(tokens, audience).kinds())
                .flatMap(List::stream)
                .toList();
    }
}
