package dev.keelson.apiserver.auth;

import java.util.ArrayList;
import java.util.List;

/** Asks each authorizer in turn until one allows; a refusal carries the reasons of all. */
public record AuthorizerChain(List<Authorizer> members) implements Authorizer {

    public AuthorizerChain {
        members = List.copyOf(members);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        List<String> reasons = new ArrayList<>();
        for (Authorizer member : members) {
            Decision decision = member.authorize(attributes);
            if (decision.allowed()) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
        }
        return reasons.isEmpty() ? Decision.NO_OPINION : new Decision(false, String.join(", ", reasons));
    }

    @Override
    public RuleList rulesFor(User user, String namespace) {
        List<PolicyRule> rules = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        boolean incomplete = false;
        for (Authorizer member : members) {
            RuleList found = member.rulesFor(user, namespace);
            rules.addAll(found.rules());
            reasons.addAll(found.reasons());
            incomplete |= found.incomplete();
        }
        return new RuleList(rules, incomplete, reasons);
    }
}
