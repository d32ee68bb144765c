package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.regex.Pattern;

/** How a pod resolves names: name servers, search paths, options, and names of its own. */
final class DnsRules {
    private static final List<String> POLICIES = List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final int MOST_SERVERS = 3;
    private static final int MOST_SEARCHES = 32;
    private static final int MOST_SEARCH_CHARACTERS = 2048;
    /** What resolvers understand in a search path is more than what names of objects may be. */
    private static final Pattern WITH_UNDERSCORES =
            Pattern.compile("_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*");

    private DnsRules() {}

    static void validate(JsonNode spec, String path, Problems problems) {
        problems.oneOf(path + ".dnsPolicy", spec.path("dnsPolicy"), POLICIES);
        String config = path + ".dnsConfig";
        JsonNode servers = Tree.at(spec, "dnsConfig", "nameservers");
        if (Tree.text(spec, "dnsPolicy").equals("None") && servers.isEmpty()) {
            if (spec.path("dnsConfig").isObject()) {
                problems.required(
                        config + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
            } else {
                problems.required(config, "must provide `dnsConfig` when `dnsPolicy` is None");
            }
        }
        if (servers.size() > MOST_SERVERS) {
            problems.invalidShown(
                    config + ".nameservers",
                    GoSyntax.list(servers),
                    "must not have more than " + MOST_SERVERS + " nameservers");
        }
        Tree.items(servers, config + ".nameservers").forEach(item -> address(item.path(), item.value(), problems));
        searches(Tree.at(spec, "dnsConfig", "searches"), config + ".searches", problems);
        Tree.items(Tree.at(spec, "dnsConfig", "options"), config + ".options").forEach(item -> {
            if (!Tree.has(item.value(), "name")) {
                problems.required(item.path(), "must not be empty");
            }
        });
        Tree.items(spec.path("hostAliases"), path + ".hostAliases").forEach(item -> {
            address(item.path() + ".ip", TextNode.valueOf(Tree.text(item.value(), "ip")), problems);
            Tree.items(item.value().path("hostnames"), item.path() + ".hostnames")
                    .forEach(name -> NameRule.DNS_SUBDOMAIN
                            .problems(name.value().asText())
                            .forEach(words -> problems.invalid(name.path(), name.value(), words)));
        });
    }

    private static void searches(JsonNode searches, String path, Problems problems) {
        if (searches.size() > MOST_SEARCHES) {
            problems.invalidShown(
                    path, GoSyntax.list(searches), "must not have more than " + MOST_SEARCHES + " search paths");
        }
        // A space stands between two of them.
        int length = searches.valueStream()
                        .mapToInt(search -> search.asText().length() + 1)
                        .sum()
                - 1;
        if (length > MOST_SEARCH_CHARACTERS) {
            problems.invalidShown(
                    path,
                    GoSyntax.list(searches),
                    "must not have more than " + MOST_SEARCH_CHARACTERS
                            + " characters (including spaces) in the search list");
        }
        Tree.items(searches, path).forEach(item -> {
            String search = item.value().asText();
            String bare = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            boolean named = search.equals(".") || WITH_UNDERSCORES.matcher(bare).matches();
            if (!named) {
                NameRule.DNS_SUBDOMAIN
                        .problems(bare)
                        .forEach(words -> problems.invalid(item.path(), item.value(), words));
            }
        });
    }

    private static void address(String path, JsonNode value, Problems problems) {
        if (!Addresses.isIp(value.asText(""))) {
            problems.invalid(path, value, Addresses.IP_WORDS);
        }
    }
}
