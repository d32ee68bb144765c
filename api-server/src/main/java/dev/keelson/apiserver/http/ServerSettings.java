package dev.keelson.apiserver.http;

import dev.keelson.apiserver.admission.PortRange;
import dev.keelson.apiserver.admission.ServiceRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The configuration as the server works with it: read once, and refused as a whole with every problem named. */
record ServerSettings(ServiceRange services, PortRange nodePorts) {

    /** @throws IllegalArgumentException that lists every value that cannot be used, with its key and the remedy */
    static ServerSettings of(ServerConfig config) {
        List<String> problems = new ArrayList<>();
        Optional<ServiceRange> services =
                attempt("keelson.service-cidr", () -> ServiceRange.parse(config.serviceCidr()), problems);
        Optional<PortRange> ports = attempt(
                "keelson.service-node-port-range", () -> PortRange.parse(config.serviceNodePortRange()), problems);
        files(config).forEach((key, file) -> {
            if (!Files.isReadable(file)) {
                problems.add(key + ": " + file + " cannot be read; set the key, or keelson.pki-dir, to where it is");
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("the configuration cannot be used: " + String.join("; ", problems));
        }
        return new ServerSettings(services.orElseThrow(), ports.orElseThrow());
    }

    private static Map<String, Path> files(ServerConfig config) {
        Map<String, Path> files = new TreeMap<>();
        files.put("keelson.tls-cert", config.tlsCert());
        files.put("keelson.tls-key", config.tlsKey());
        files.put("keelson.client-ca", config.clientCa());
        files.put("keelson.kubelet-ca", config.kubeletCa());
        files.put("keelson.kubelet-client-cert", config.kubeletClientCert());
        files.put("keelson.kubelet-client-key", config.kubeletClientKey());
        files.put("keelson.service-account-key", config.serviceAccountKey());
        files.put("keelson.service-account-public-keys", config.serviceAccountPublicKeys());
        return files;
    }

    private static <T> Optional<T> attempt(String key, Supplier<T> parse, List<String> problems) {
        try {
            return Optional.of(parse.get());
        } catch (IllegalArgumentException e) {
            problems.add(key + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
