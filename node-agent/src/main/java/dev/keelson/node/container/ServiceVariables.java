package dev.keelson.node.container;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The variables that tell a container where services are: {@code WEB_SERVICE_HOST}, {@code WEB_SERVICE_PORT} and
 * Docker's older link form (Kubernetes: "Discovering services").
 */
final class ServiceVariables {
    private ServiceVariables() {}

    static Map<String, String> of(List<Service> services) {
        Map<String, String> variables = new LinkedHashMap<>();
        services.stream().filter(ServiceVariables::hasAddress).forEach(service -> add(service, variables));
        return variables;
    }

    private static boolean hasAddress(Service service) {
        String ip = service.getSpec() == null ? null : service.getSpec().getClusterIP();
        return ip != null
                && !ip.isEmpty()
                && !ip.equals("None")
                && !service.getSpec().getPorts().isEmpty();
    }

    private static void add(Service service, Map<String, String> variables) {
        String prefix = upper(service.getMetadata().getName());
        String ip = service.getSpec().getClusterIP();
        List<ServicePort> ports = service.getSpec().getPorts();
        variables.put(prefix + "_SERVICE_HOST", ip);
        variables.put(prefix + "_SERVICE_PORT", String.valueOf(ports.getFirst().getPort()));
        for (ServicePort port : ports) {
            if (port.getName() != null && !port.getName().isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + upper(port.getName()), String.valueOf(port.getPort()));
            }
        }
        variables.put(prefix + "_PORT", url(ip, ports.getFirst()));
        ports.forEach(port -> addLink(prefix, ip, port, variables));
    }

    private static void addLink(String prefix, String ip, ServicePort port, Map<String, String> variables) {
        String link = prefix + "_PORT_" + port.getPort() + "_" + upper(protocol(port));
        variables.put(link, url(ip, port));
        variables.put(link + "_PROTO", protocol(port));
        variables.put(link + "_PORT", String.valueOf(port.getPort()));
        variables.put(link + "_ADDR", ip);
    }

    private static String url(String ip, ServicePort port) {
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        return "%s://%s:%d".formatted(protocol(port), host, port.getPort());
    }

    private static String protocol(ServicePort port) {
        return Objects.requireNonNullElse(port.getProtocol(), "TCP").toLowerCase(Locale.ROOT);
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
