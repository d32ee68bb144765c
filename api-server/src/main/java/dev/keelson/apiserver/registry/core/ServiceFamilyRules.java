package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The addresses of a Service and their families, of which a second one may come and go and the first one stays
 * (core/validation's {@code ValidateServiceClusterIPsRelatedFields} and {@code validateUpgradeDowngrade…}).
 */
final class ServiceFamilyRules {
    private static final String ADDRESSES = "spec.clusterIPs";
    private static final String FAMILIES = "spec.ipFamilies";
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String STAYS = "may not change once set";

    private ServiceFamilyRules() {}

    static void validate(JsonNode spec, Problems problems) {
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        String shown = GoSyntax.list(spec.path("clusterIPs"));
        if (!Tree.text(spec, "clusterIP").equals(addresses.stream().findFirst().orElse(""))) {
            problems.invalidShown(ADDRESSES, shown, "first value must match `clusterIP`");
        }
        Set<String> seen = new HashSet<>();
        Tree.items(spec.path("ipFamilies"), FAMILIES).forEach(item -> {
            problems.oneOf(item.path(), item.value(), List.of("IPv4", "IPv6"));
            if (!seen.add(item.value().asText())) {
                problems.duplicate(item.path(), item.value());
            }
        });
        problems.oneOf(
                POLICY, spec.path("ipFamilyPolicy"), List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
        boolean sound = addresses(spec, shown, problems);
        if (addresses.size() > 2) {
            problems.invalidShown(ADDRESSES, shown, "may only hold up to 2 values");
        }
        if (sound && addresses.size() > 1) {
            boolean both =
                    addresses.stream().map(Addresses::familyOf).distinct().count() > 1;
            if (!both) {
                problems.invalidShown(ADDRESSES, shown, "may specify no more than one IP for each IP family");
            }
        }
        if (sound && !isHeadless(spec)) {
            families(addresses, Tree.texts(spec, "ipFamilies"), problems);
        }
    }

    /** Answers whether each of them is an address, or the one is {@code None}. */
    private static boolean addresses(JsonNode spec, String shown, Problems problems) {
        int before = problems.count();
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        for (int i = 0; i < addresses.size(); i++) {
            String address = addresses.get(i);
            if (i == 0 && address.equals("None")) {
                if (addresses.size() > 1) {
                    problems.invalidShown(ADDRESSES, shown, "'None' must be the first and only value");
                }
            } else if (!Addresses.isIp(address)) {
                problems.invalid(ADDRESSES + "[" + i + "]", address, Addresses.IP_WORDS);
            }
        }
        return problems.count() == before;
    }

    private static void families(List<String> addresses, List<String> families, Problems problems) {
        for (int i = 0; i < Math.min(addresses.size(), families.size()); i++) {
            String family = families.get(i);
            String found = Addresses.familyOf(addresses.get(i))
                    .map(Addresses.Family::word)
                    .orElse(family);
            if (!found.equals(family) && List.of("IPv4", "IPv6").contains(family)) {
                problems.invalid(
                        ADDRESSES + "[" + i + "]",
                        addresses.get(i),
                        "expected an %s value as indicated by `ipFamilies[%d]`".formatted(family, i));
            }
        }
    }

    static void validateChange(JsonNode after, JsonNode before, Problems problems) {
        boolean named = Tree.text(after, "type").equals("ExternalName")
                || Tree.text(before, "type").equals("ExternalName");
        if (named || isHeadless(after) && isHeadless(before)) {
            return;
        }
        addressesChange(after, before, problems);
        if (isHeadless(after) == isHeadless(before)) {
            familiesChange(after, before, problems);
        }
    }

    private static void addressesChange(JsonNode after, JsonNode before, Problems problems) {
        List<String> now = Tree.texts(after, "clusterIPs");
        List<String> then = Tree.texts(before, "clusterIPs");
        String shown = GoSyntax.list(after.path("clusterIPs"));
        if (now.size() == then.size()) {
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).equals(then.get(i))) {
                    problems.invalidShown(ADDRESSES + "[" + i + "]", shown, STAYS);
                }
            }
            return;
        }
        if (now.isEmpty()) {
            problems.invalidShown(ADDRESSES + "[0]", shown, "primary clusterIP can not be unset");
        } else if (!then.isEmpty() && !now.getFirst().equals(then.getFirst())) {
            problems.invalidShown(ADDRESSES + "[0]", shown, STAYS);
        }
        if (then.size() > now.size() && now.size() == 1) {
            single(after, "clusterIP", problems);
        }
    }

    private static void familiesChange(JsonNode after, JsonNode before, Problems problems) {
        List<String> now = Tree.texts(after, "ipFamilies");
        List<String> then = Tree.texts(before, "ipFamilies");
        String shown = GoSyntax.list(after.path("ipFamilies"), "core.IPFamily");
        if (now.size() == then.size()) {
            if (!now.equals(then)) {
                problems.invalidShown(FAMILIES + "[0]", shown, STAYS);
            }
            return;
        }
        if (then.size() > now.size() && after.path("clusterIPs").isEmpty()) {
            problems.invalidShown(FAMILIES + "[0]", shown, "primary ipFamily can not be unset");
        }
        if (!now.isEmpty() && !then.isEmpty() && !now.getFirst().equals(then.getFirst())) {
            problems.invalidShown(FAMILIES + "[0]", GoSyntax.list(after.path("clusterIPs")), STAYS);
        }
        if (then.size() > now.size() && now.size() == 1) {
            single(after, "ipFamily", problems);
        }
    }

    private static void single(JsonNode after, String released, Problems problems) {
        if (!Tree.text(after, "ipFamilyPolicy").equals("SingleStack")) {
            problems.invalid(
                    POLICY,
                    after.path("ipFamilyPolicy"),
                    "must be set to 'SingleStack' when releasing the secondary " + released);
        }
    }

    private static boolean isHeadless(JsonNode spec) {
        return Tree.texts(spec, "clusterIPs").equals(List.of("None"));
    }
}
