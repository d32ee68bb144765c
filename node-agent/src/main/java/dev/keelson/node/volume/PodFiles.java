package dev.keelson.node.volume;

import dev.keelson.node.container.Hostnames;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The text of the files that every pod gets from its node: {@code /etc/hosts}, {@code /etc/resolv.conf} and
 * {@code /etc/hostname}. Pure.
 *
 * @param clusterDomain DNS suffix of services, {@code cluster.local}
 */
record PodFiles(String clusterDomain) {

    String hostname(DesiredPod pod) {
        return Hostnames.ofKernel(pod, clusterDomain) + "\n";
    }

    /** @param ofHost what the host's own file says, which host-network pods see with their aliases below */
    String hosts(DesiredPod pod, List<String> podIps, String ofHost) {
        // Kubernetes' own words: its conformance suite looks for them.
        StringBuilder text = new StringBuilder("# Kubernetes-managed hosts file");
        text.append(pod.hostNetwork() ? " (host network).\n" : ".\n");
        if (pod.hostNetwork()) {
            text.append(ofHost);
        } else {
            text.append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
            text.append("fe00::0\tip6-localnet\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
            String full = Hostnames.fullName(pod, clusterDomain)
                    .map(name -> name + "\t")
                    .orElse("");
            podIps.forEach(ip -> text.append(ip)
                    .append('\t')
                    .append(full)
                    .append(Hostnames.hostname(pod))
                    .append('\n'));
        }
        for (HostAlias alias : pod.object().getSpec().getHostAliases()) {
            text.append(alias.getIp())
                    .append('\t')
                    .append(String.join("\t", alias.getHostnames()))
                    .append('\n');
        }
        return text.toString();
    }

    /** The lines of a resolv.conf that matter, in order of appearance. */
    private static final class Resolver {
        private final Set<String> servers = new LinkedHashSet<>();
        private final Set<String> searches = new LinkedHashSet<>();
        private final Map<String, String> options = new LinkedHashMap<>();

        String text() {
            List<String> lines = new ArrayList<>();
            if (!searches.isEmpty()) {
                lines.add("search " + String.join(" ", searches));
            }
            servers.forEach(server -> lines.add("nameserver " + server));
            if (!options.isEmpty()) {
                List<String> words = new ArrayList<>();
                options.forEach((name, value) -> words.add(value.isEmpty() ? name : name + ":" + value));
                lines.add("options " + String.join(" ", words));
            }
            return String.join("\n", lines) + "\n";
        }
    }

    /**
     * Kubernetes: "DNS for Services and Pods".
     *
     * @param clusterDns address of the cluster's resolver
     * @param ofHost what the host's own file says
     */
    String resolvConf(DesiredPod pod, String clusterDns, String ofHost) {
        String policy = Objects.requireNonNullElse(pod.object().getSpec().getDnsPolicy(), "ClusterFirst");
        boolean cluster =
                policy.equals("ClusterFirstWithHostNet") || (policy.equals("ClusterFirst") && !pod.hostNetwork());
        Resolver resolver = new Resolver();
        if (cluster && !clusterDns.isEmpty()) {
            resolver.servers.add(clusterDns);
            resolver.searches.add("%s.svc.%s".formatted(pod.namespace(), clusterDomain));
            resolver.searches.add("svc." + clusterDomain);
            resolver.searches.add(clusterDomain);
            resolver.options.put("ndots", "5");
        } else if (!policy.equals("None")) {
            read(ofHost, resolver);
        }
        add(pod.object().getSpec().getDnsConfig(), resolver);
        return resolver.text();
    }

    private static void add(PodDNSConfig config, Resolver resolver) {
        if (config == null) {
            return;
        }
        resolver.servers.addAll(config.getNameservers());
        resolver.searches.addAll(config.getSearches());
        for (PodDNSConfigOption option : config.getOptions()) {
            resolver.options.put(option.getName(), Objects.requireNonNullElse(option.getValue(), ""));
        }
    }

    private static void read(String text, Resolver resolver) {
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            List<String> rest = List.of(words).subList(Math.min(1, words.length), words.length);
            switch (words[0]) {
                case "nameserver" -> resolver.servers.addAll(rest);
                case "search" -> resolver.searches.addAll(rest);
                case "options" ->
                    rest.forEach(word -> resolver.options.put(
                            word.contains(":") ? word.substring(0, word.indexOf(':')) : word,
                            word.contains(":") ? word.substring(word.indexOf(':') + 1) : ""));
                default -> {}
            }
        }
    }
}
