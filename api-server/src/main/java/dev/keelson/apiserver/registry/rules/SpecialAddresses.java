package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses that mean something else on every machine and so cannot be an endpoint (core/validation's
 * {@code ValidateNonSpecialIP}).
 */
public final class SpecialAddresses {
    private SpecialAddresses() {}

    /** What is wrong with a text as an endpoint of an object. */
    public static Optional<String> endpointProblem(ObjectNode object, String text) {
        // API servers on a machine without a network have no other address, and no pod elsewhere that would be misled.
        boolean servers =
                Meta.namespace(object).equals("default") && Meta.name(object).startsWith("kubernetes");
        return servers && Addresses.isIp(text) ? Optional.empty() : problem(text);
    }

    /** What is wrong with a text as the address of something outside its machine. */
    public static Optional<String> problem(String text) {
        if (!Addresses.isIp(text)) {
            return Optional.of(Addresses.IP_WORDS);
        }
        InetAddress address = Addresses.parse(text);
        if (address.isAnyLocalAddress()) {
            return Optional.of("may not be unspecified (%s)".formatted(text));
        }
        if (address.isLoopbackAddress()) {
            return Optional.of("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.isLinkLocalAddress()) {
            return Optional.of("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        return address.isMCLinkLocal()
                ? Optional.of("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
                : Optional.empty();
    }
}
