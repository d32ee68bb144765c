package dev.keelson.apiserver.registry;

import java.util.List;

/**
 * Where a kind keeps what its scale shows, as field names from the root.
 *
 * @param selector a label selector, or text that is one; empty when there is none
 */
public record ScalePaths(List<String> specReplicas, List<String> statusReplicas, List<String> selector) {
    public static final ScalePaths USUAL =
            new ScalePaths(List.of("spec", "replicas"), List.of("status", "replicas"), List.of("spec", "selector"));

    public ScalePaths {
        specReplicas = List.copyOf(specReplicas);
        statusReplicas = List.copyOf(statusReplicas);
        selector = List.copyOf(selector);
    }
}
