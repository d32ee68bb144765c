package dev.keelson.apiserver.auth.rbac;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.User;
import java.util.List;
import java.util.function.Supplier;

/** Rights by role and binding. */
public final class RbacAuthorizer implements Authorizer {
    private final Supplier<RbacIndex> index;

    public RbacAuthorizer(Supplier<RbacIndex> index) {
        this.index = index;
    }

    @Override
    public Decision authorize(Attributes attributes) {
        return index.get().decide(attributes);
    }

    @Override
    public RuleList rulesFor(User user, String namespace) {
        return new RuleList(index.get().rulesOf(user, namespace), false, List.of());
    }
}
