package dev.keelson.controllers.serviceaccount;

import java.util.Map;
import java.util.Optional;

/** Decides whether a Secret gets its token, goes with its account, or is as it should be. Pure. */
final class AccountTokenPlanner {
    static final String TOKEN = "token";
    static final String NAMESPACE = "namespace";
    static final String AUTHORITY = "ca.crt";

    /**
     * @param account the name that it was made for
     * @param accountUid empty until it has been filled, unless its maker said it
     * @param fixed whether its entries cannot be changed
     */
    record TokenSecret(
            String account, String accountUid, boolean terminating, boolean fixed, Map<String, String> data) {}

    private AccountTokenPlanner() {}

    /**
     * @param accountUid of the account that has the name now; empty if there is none
     * @param authority base64 of the certificates that pods trust the server by
     */
    static AccountTokenPlan plan(TokenSecret secret, Optional<String> accountUid, String authority) {
        if (secret.terminating()) {
            return new AccountTokenPlan.Leave("it is being deleted");
        }
        if (accountUid.isEmpty()) {
            return new AccountTokenPlan.Delete("service account \"%s\" does not exist".formatted(secret.account()));
        }
        String uid = accountUid.get();
        if (!secret.accountUid().isEmpty() && !secret.accountUid().equals(uid)) {
            return new AccountTokenPlan.Delete("it is of an earlier service account \"%s\", uid %s, not %s"
                    .formatted(secret.account(), secret.accountUid(), uid));
        }
        boolean token = empty(secret, TOKEN);
        boolean namespace = empty(secret, NAMESPACE);
        boolean other = !authority.equals(secret.data().get(AUTHORITY));
        if (!token && !namespace && !other) {
            return new AccountTokenPlan.Leave("nothing is missing");
        }
        return secret.fixed()
                ? new AccountTokenPlan.Leave("it is immutable")
                : new AccountTokenPlan.Fill(
                        token, namespace, other, uid, token ? "it has no token" : "an entry is old");
    }

    private static boolean empty(TokenSecret secret, String entry) {
        return secret.data().getOrDefault(entry, "").isEmpty();
    }
}
