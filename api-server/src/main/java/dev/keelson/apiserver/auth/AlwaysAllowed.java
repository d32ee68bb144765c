package dev.keelson.apiserver.auth;

import java.util.Set;

/**
 * What no role decides: masters may do everything, so that no mistake in the roles locks everybody out, and everybody may
 * ask whether the server is healthy, also before the roles exist. Single checks say what is wrong: they are for those to
 * whom a role gives them, as in Kubernetes.
 */
public final class AlwaysAllowed implements Authorizer {
    private static final Set<String> HEALTH = Set.of("/livez", "/readyz", "/healthz");

    @Override
    public Decision authorize(Attributes asked) {
        boolean health = !asked.isResource() && HEALTH.contains(asked.path());
        return health || asked.user().in(User.MASTERS) ? Decision.ALLOWED : Decision.NO_OPINION;
    }

    /** None: what masters may do is listed by the role that is bound to them, as in Kubernetes. */
    @Override
    public RuleList rulesFor(User user, String namespace) {
        return RuleList.NONE;
    }
}
