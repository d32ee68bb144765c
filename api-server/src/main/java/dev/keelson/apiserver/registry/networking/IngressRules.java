package dev.keelson.apiserver.registry.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.regex.Pattern;

/** What a valid Ingress is (Kubernetes' {@code networking/validation}). */
final class IngressRules {
    private static final List<String> PATH_TYPES = List.of("Exact", "ImplementationSpecific", "Prefix");
    private static final List<String> INVALID_PARTS = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> INVALID_ENDS = List.of("/..", "/.");
    private static final String WILDCARD = "*";
    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final Pattern SIMPLE_WILDCARD = Pattern.compile("\\*(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+");

    private IngressRules() {}

    static void validate(ObjectNode ingress, Problems problems) {
        JsonNode spec = ingress.path("spec");
        JsonNode backend = spec.path("defaultBackend");
        if (spec.path("rules").isEmpty() && !backend.isObject()) {
            problems.invalidShown(
                    "spec",
                    GoSyntax.list(spec.path("rules"), "networking.IngressRule"),
                    "either `defaultBackend` or `rules` must be specified");
        }
        if (backend.isObject()) {
            backend(backend, "spec.defaultBackend", problems);
        }
        Tree.items(spec.path("rules"), "spec.rules").forEach(item -> rule(item, problems));
        Tree.items(spec.path("tls"), "spec.tls")
                .flatMap(item -> Tree.items(item.value().path("hosts"), item.path() + ".hosts"))
                .forEach(host -> hostProblems(host.value().asText())
                        .forEach(words -> problems.invalid(host.path(), host.value(), words)));
        problems.named("spec.ingressClassName", spec.path("ingressClassName"), NameRule.DNS_SUBDOMAIN);
    }

    /** The annotation came before the field; a new object says it once. */
    static void validateNew(ObjectNode ingress, Problems problems) {
        JsonNode annotated = Tree.at(ingress, "metadata", "annotations").path(CLASS_ANNOTATION);
        if (Tree.has(annotated) && Tree.has(ingress, "spec", "ingressClassName")) {
            problems.invalid(
                    "annotations." + CLASS_ANNOTATION, annotated, "can not be set when the class field is also set");
        }
        secretNames(ingress, problems);
    }

    /** Names that were wrong before may stay. */
    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        Problems before = new Problems();
        secretNames(old, before);
        if (before.count() == 0) {
            secretNames(updated, problems);
        }
    }

    private static void secretNames(ObjectNode ingress, Problems problems) {
        Tree.items(Tree.at(ingress, "spec", "tls"), "spec.tls")
                .forEach(item -> problems.named(
                        item.path() + ".secretName", item.value().path("secretName"), NameRule.DNS_SUBDOMAIN));
    }

    private static void rule(Tree.Item item, Problems problems) {
        JsonNode host = item.value().path("host");
        if (Tree.has(host)) {
            if (Addresses.isIp(host.asText())) {
                problems.invalid(item.path() + ".host", host, "must be a DNS name, not an IP address");
            }
            hostProblems(host.asText()).forEach(words -> problems.invalid(item.path() + ".host", host, words));
        }
        JsonNode http = item.value().path("http");
        if (!http.isObject()) {
            return;
        }
        String paths = item.path() + ".http.paths";
        if (http.path("paths").isEmpty()) {
            problems.required(paths, "");
        }
        Tree.items(http.path("paths"), paths).forEach(path -> {
            path(path, problems);
            backend(path.value().path("backend"), path.path() + ".backend", problems);
        });
    }

    private static List<String> hostProblems(String host) {
        if (!host.contains(WILDCARD)) {
            return NameRule.DNS_SUBDOMAIN.problems(host);
        }
        return host.length() <= 253 && SIMPLE_WILDCARD.matcher(host).matches()
                ? List.of()
                : List.of("a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain,"
                        + " which must consist of lower case alphanumeric characters, '-' or '.' and end with an"
                        + " alphanumeric character (e.g. '*.example.com', regex used for validation is '"
                        + SIMPLE_WILDCARD + "')");
    }

    private static void path(Tree.Item item, Problems problems) {
        String type = Tree.text(item.value(), "pathType");
        JsonNode path = item.value().path("path");
        String field = item.path() + ".path";
        if (type.isEmpty()) {
            problems.required(item.path() + ".pathType", "pathType must be specified");
            return;
        }
        if (!PATH_TYPES.contains(type)) {
            problems.notSupported(item.path() + ".pathType", item.value().path("pathType"), PATH_TYPES);
            return;
        }
        String text = path.asText("");
        if (type.equals("ImplementationSpecific")) {
            if (!text.isEmpty() && !text.startsWith("/")) {
                problems.invalid(field, path, "must be an absolute path");
            }
            return;
        }
        if (!text.startsWith("/")) {
            problems.invalid(field, path, "must be an absolute path");
        }
        INVALID_PARTS.stream()
                .filter(text::contains)
                .forEach(part -> problems.invalid(field, path, "must not contain '" + part + "'"));
        INVALID_ENDS.stream()
                .filter(text::endsWith)
                .forEach(end -> problems.invalid(field, path, "cannot end with '" + end + "'"));
    }

    private static void backend(JsonNode backend, String path, Problems problems) {
        JsonNode service = backend.path("service");
        boolean resource = backend.path("resource").isObject();
        if (resource && service.isObject()) {
            problems.invalid(path, "", "cannot set both resource and service backends");
        } else if (resource) {
            resource(backend.path("resource"), path + ".resource", problems);
        } else if (service.isObject()) {
            service(service, path, problems);
        } else {
            problems.invalid(path, "", "resource or service backend is required");
        }
    }

    private static void resource(JsonNode resource, String path, Problems problems) {
        problems.named(path + ".apiGroup", resource.path("apiGroup"), NameRule.DNS_SUBDOMAIN);
        for (String field : List.of("kind", "name")) {
            problems.requireText(path, resource, field, "");
            problems.named(path + "." + field, resource.path(field), NameRule.PATH_SEGMENT);
        }
    }

    private static void service(JsonNode service, String path, Problems problems) {
        if (problems.requireText(path + ".service", service, "name", "")) {
            problems.named(path + ".service.name", service.path("name"), NameRule.DNS_1035_LABEL);
        }
        JsonNode name = Tree.at(service, "port", "name");
        JsonNode number = Tree.at(service, "port", "number");
        boolean named = Tree.has(name);
        boolean numbered = number.asInt(0) != 0;
        if (named && numbered) {
            problems.invalid(path, "", "cannot set both port name & port number");
        } else if (named) {
            PortRules.nameProblems(name.asText())
                    .forEach(words -> problems.invalid(path + ".service.port.name", name, words));
        } else if (numbered) {
            problems.port(path + ".service.port.number", number);
        } else {
            problems.required(path, "port name or number is required");
        }
    }
}
