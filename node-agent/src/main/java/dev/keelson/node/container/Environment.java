package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.objects.ReferencedObjects;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The variables of a container: services, then {@code envFrom}, then {@code env}, each overriding what came before;
 * {@code $(NAME)} in {@code env} refers to what is already there (Kubernetes: "Define Environment Variables").
 *
 * @param hostIp address of the node
 * @param node what the node offers to pods, for limits that a container does not set
 */
record Environment(ReferencedObjects objects, String hostIp, Map<String, Quantity> node) {
    private static final Pattern VARIABLE = Pattern.compile("[^=\\x00]+");

    Map<String, String> of(DesiredPod pod, Container container, List<String> podIps) {
        Map<String, String> services = services(pod);
        Map<String, String> values = new LinkedHashMap<>(services);
        container.getEnvFrom().forEach(source -> fromAll(pod, source, values));
        for (EnvVar variable : container.getEnv()) {
            value(pod, container, variable, podIps, values).ifPresent(v -> values.put(variable.getName(), v));
        }
        return values;
    }

    private Map<String, String> services(DesiredPod pod) {
        Map<String, String> variables = new LinkedHashMap<>();
        // How to reach the API server is told also without links.
        variables.putAll(ServiceVariables.of(objects.services("default").stream()
                .filter(service -> service.getMetadata().getName().equals("kubernetes"))
                .toList()));
        if (!Boolean.FALSE.equals(pod.object().getSpec().getEnableServiceLinks())) {
            variables.putAll(ServiceVariables.of(objects.services(pod.namespace())));
        }
        return variables;
    }

    private void fromAll(DesiredPod pod, EnvFromSource source, Map<String, String> values) {
        String prefix = Objects.requireNonNullElse(source.getPrefix(), "");
        Map<String, String> found = Map.of();
        if (source.getConfigMapRef() != null) {
            found = configMap(
                            pod,
                            source.getConfigMapRef().getName(),
                            Boolean.TRUE.equals(source.getConfigMapRef().getOptional()))
                    .orElse(Map.of());
        } else if (source.getSecretRef() != null) {
            found = secret(
                            pod,
                            source.getSecretRef().getName(),
                            Boolean.TRUE.equals(source.getSecretRef().getOptional()))
                    .orElse(Map.of());
        }
        found.forEach((key, value) -> {
            if (VARIABLE.matcher(prefix + key).matches()) {
                values.put(prefix + key, value);
            }
        });
    }

    private Optional<String> value(
            DesiredPod pod, Container container, EnvVar variable, List<String> podIps, Map<String, String> known) {
        EnvVarSource from = variable.getValueFrom();
        if (from == null) {
            return Optional.of(Expansion.expand(Objects.requireNonNullElse(variable.getValue(), ""), known));
        }
        if (from.getFieldRef() != null) {
            return Optional.of(FieldRefs.value(pod, from.getFieldRef().getFieldPath(), podIps, hostIp));
        }
        if (from.getResourceFieldRef() != null) {
            Container asked = named(pod, container, from.getResourceFieldRef().getContainerName());
            return Optional.of(ResourceFields.value(asked, from.getResourceFieldRef(), node));
        }
        if (from.getConfigMapKeyRef() != null) {
            var ref = from.getConfigMapKeyRef();
            boolean optional = Boolean.TRUE.equals(ref.getOptional());
            return key(
                    pod, "configmap", ref.getName(), ref.getKey(), optional, configMap(pod, ref.getName(), optional));
        }
        if (from.getSecretKeyRef() != null) {
            var ref = from.getSecretKeyRef();
            boolean optional = Boolean.TRUE.equals(ref.getOptional());
            return key(pod, "secret", ref.getName(), ref.getKey(), optional, secret(pod, ref.getName(), optional));
        }
        throw wrong("env %s: valueFrom names none of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef"
                .formatted(variable.getName()));
    }

    private static Container named(DesiredPod pod, Container own, String name) {
        return name == null || name.isEmpty()
                ? own
                : pod.container(name)
                        .map(DesiredContainer::spec)
                        .orElseThrow(() -> wrong("resourceFieldRef: the pod has no container \"%s\"".formatted(name)));
    }

    private static Optional<String> key(
            DesiredPod pod,
            String kind,
            String name,
            String key,
            boolean optional,
            Optional<Map<String, String>> data) {
        Optional<String> value = data.map(entries -> entries.get(key));
        if (value.isEmpty() && !optional) {
            throw wrong("couldn't find key %s in %s %s/%s".formatted(key, kind, pod.namespace(), name));
        }
        return value;
    }

    private Optional<Map<String, String>> configMap(DesiredPod pod, String name, boolean optional) {
        return present(
                "configmap",
                name,
                optional,
                objects.configMap(pod.uid(), pod.namespace(), name)
                        .map(found -> Objects.requireNonNullElse(found.getData(), Map.of())));
    }

    private Optional<Map<String, String>> secret(DesiredPod pod, String name, boolean optional) {
        return present(
                "secret",
                name,
                optional,
                objects.secret(pod.uid(), pod.namespace(), name)
                        .map(found -> decode(Objects.requireNonNullElse(found.getData(), Map.of()))));
    }

    private static Optional<Map<String, String>> present(
            String kind, String name, boolean optional, Optional<Map<String, String>> found) {
        if (found.isEmpty() && !optional) {
            throw wrong("%s \"%s\" not found".formatted(kind, name));
        }
        return found;
    }

    private static Map<String, String> decode(Map<String, String> data) {
        Map<String, String> plain = new LinkedHashMap<>();
        data.forEach(
                (key, value) -> plain.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return plain;
    }

    private static NodeException wrong(String message) {
        return new NodeException(NodeException.Kind.INVALID, "CreateContainerConfigError", message);
    }
}
