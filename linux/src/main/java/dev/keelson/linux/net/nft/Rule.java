package dev.keelson.linux.net.nft;

import java.util.List;

/** One rule. @param comment shown by {@code nft list ruleset}; at most 120 bytes, may be empty */
public record Rule(String comment, List<Statement> statements) {
    public Rule {
        statements = List.copyOf(statements);
    }

    public static Rule of(String comment, Statement... statements) {
        return new Rule(comment, List.of(statements));
    }
}
