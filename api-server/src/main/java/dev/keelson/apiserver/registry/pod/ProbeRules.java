package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.regex.Pattern;

/** What valid probes and lifecycle hooks are. */
final class ProbeRules {
    private static final List<String> HOOK_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "sleep");

    private static final List<String> PROBE_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> AT_A_PORT = List.of("tcpSocket", "grpc");
    private static final Pattern HEADER_NAME = Pattern.compile("[-A-Za-z0-9]+");
    private static final List<String> COUNTS =
            List.of("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");

    private ProbeRules() {}

    /** @param oneSuccessSuffices whether the threshold of successes must be 1, as for liveness and start-up */
    static void probe(JsonNode probe, String path, boolean oneSuccessSuffices, Problems problems) {
        handler(probe, path, PROBE_HANDLERS, problems);
        COUNTS.forEach(field -> problems.notNegative(path + "." + field, probe.path(field)));
        JsonNode successes = probe.path("successThreshold");
        if (oneSuccessSuffices && successes.isNumber() && successes.asLong() != 1) {
            problems.invalid(path + ".successThreshold", successes, "must be 1");
        }
        problems.positive(path + ".terminationGracePeriodSeconds", probe.path("terminationGracePeriodSeconds"));
        if (!oneSuccessSuffices && Tree.has(probe, "terminationGracePeriodSeconds")) {
            problems.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.path("terminationGracePeriodSeconds"),
                    "must not be set for readinessProbes");
        }
    }

    /** @param graceSeconds how long the pod has to end */
    static void hook(JsonNode hook, String path, long graceSeconds, Problems problems) {
        if (handler(hook, path, HOOK_HANDLERS, problems).equals("sleep")) {
            sleep(hook.path("sleep"), path + ".sleep", graceSeconds, problems);
        }
    }

    /** Answers which of the known kinds of handlers it is, the first when there are several; empty when none. */
    private static String handler(JsonNode handler, String path, List<String> known, Problems problems) {
        List<String> given =
                known.stream().filter(field -> handler.path(field).isObject()).toList();
        if (given.isEmpty()) {
            problems.required(path, "must specify a handler type");
            return "";
        }
        given.stream()
                .skip(1)
                .forEach(field -> problems.forbidden(path + "." + field, "may not specify more than 1 handler type"));
        action(given.getFirst(), handler.path(given.getFirst()), path + "." + given.getFirst(), problems);
        return given.getFirst();
    }

    private static void action(String kind, JsonNode action, String path, Problems problems) {
        if (kind.equals("exec") && action.path("command").isEmpty()) {
            problems.required(path + ".command", "");
        }
        if (kind.equals("httpGet")) {
            httpGet(action, path, problems);
        }
        if (AT_A_PORT.contains(kind)) {
            port(action, path, problems);
        }
    }

    private static void sleep(JsonNode sleep, String path, long graceSeconds, Problems problems) {
        long seconds = sleep.path("seconds").asLong();
        if (seconds < 0 || seconds > graceSeconds) {
            problems.invalid(
                    path,
                    sleep.path("seconds"),
                    "must be non-negative and less than terminationGracePeriodSeconds (%d)".formatted(graceSeconds));
        }
    }

    private static void httpGet(JsonNode request, String path, Problems problems) {
        problems.requireText(path, request, "path", "");
        port(request, path, problems);
        if (Tree.has(request, "scheme")) {
            problems.oneOf(path + ".scheme", request.path("scheme"), List.of("HTTP", "HTTPS"));
        }
        Tree.objects(request, "httpHeaders").forEach(header -> {
            if (!HEADER_NAME.matcher(Tree.text(header, "name")).matches()) {
                problems.invalid(
                        path + ".httpHeaders",
                        Tree.text(header, "name"),
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex"
                                + " used for validation is '[-A-Za-z0-9]+')");
            }
        });
    }

    private static void port(JsonNode action, String path, Problems problems) {
        if (Tree.has(action, "port")) {
            PortRules.portOrName(problems, path + ".port", action.path("port"));
        } else {
            problems.invalid(path + ".port", IntNode.valueOf(0), PortRules.PORT_WORDS);
        }
    }
}
