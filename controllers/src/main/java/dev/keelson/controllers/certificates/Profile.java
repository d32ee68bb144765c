package dev.keelson.controllers.certificates;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a request asks to be certified.
 *
 * @param commonName the user that the certificate names
 * @param organizations the user's groups
 * @param dnsNames names that a server answers for, as are {@code addresses}; {@code others} are emails and URIs
 * @param usages in the words of {@code spec.usages}
 * @param lifetime how long it is asked to be valid
 */
record Profile(
        String commonName,
        List<String> organizations,
        List<String> dnsNames,
        List<String> addresses,
        List<String> others,
        Set<String> usages,
        Duration lifetime) {

    Profile {
        organizations = List.copyOf(organizations);
        dnsNames = List.copyOf(dnsNames);
        addresses = List.copyOf(addresses);
        others = List.copyOf(others);
        usages = Set.copyOf(usages);
    }
}
