package dev.keelson.apiserver.auth;

import java.util.List;

/** Decides whether a user may do something. Called on an event loop: it must not wait. */
public interface Authorizer {

    Decision authorize(Attributes attributes);

    /** Every rule that holds for the user in a namespace, as far as rules can be listed. */
    RuleList rulesFor(User user, String namespace);

    /** @param incomplete whether the user may be allowed more than the rules say, for the reasons given */
    record RuleList(List<PolicyRule> rules, boolean incomplete, List<String> reasons) {
        public static final RuleList NONE = new RuleList(List.of(), false, List.of());

        public RuleList {
            rules = List.copyOf(rules);
            reasons = List.copyOf(reasons);
        }
    }

    /** @param reason words for the client; may be empty */
    record Decision(boolean allowed, String reason) {
        public static final Decision ALLOWED = new Decision(true, "");
        public static final Decision NO_OPINION = new Decision(false, "");
    }
}
