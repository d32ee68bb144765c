package dev.keelson.apiserver.discovery;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code /livez}, {@code /readyz} and {@code /healthz} as the Kubernetes API server answers them: {@code ok}, or with
 * {@code ?verbose} and on failure one line a check; {@code /readyz/NAME} asks one check; {@code ?exclude=NAME} leaves
 * one out. {@code /metrics/slis} shows what the checks of the first three said, those made for this answer included: no
 * kubelet asks this server's health, so without them a cluster that nobody probes would show nothing.
 */
public final class HealthHandler implements PathHandler {
    private static final Set<String> ROOTS = Set.of("livez", "readyz", "healthz");

    /** @param problem what is wrong, empty when all is well */
    public record Result(String name, Optional<String> problem) {}

    private final Supplier<List<Result>> liveness;
    private final Supplier<List<Result>> readiness;
    private final HealthFigures figures = new HealthFigures();

    public HealthHandler(Supplier<List<Result>> liveness, Supplier<List<Result>> readiness) {
        this.liveness = liveness;
        this.readiness = readiness;
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        if (request.path().equals("/metrics/slis")) {
            figures.count("livez", liveness.get());
            figures.count("readyz", readiness.get());
            return Optional.of(MetricsHandler.text(figures.registry()));
        }
        String[] parts = request.path().replaceAll("^/+|/+$", "").split("/+", 2);
        if (!ROOTS.contains(parts[0])) {
            return Optional.empty();
        }
        Supplier<List<Result>> checks = parts[0].equals("livez") ? liveness : readiness;
        List<String> excluded = request.query().values().getOrDefault("exclude", List.of());
        List<Result> results = checks.get().stream()
                .filter(result -> !excluded.contains(result.name()))
                .toList();
        return Optional.of(
                parts.length == 2
                        ? one(parts[1], results)
                        : all(parts[0], results, request.query().has("verbose")));
    }

    private static Reply one(String name, List<Result> results) {
        Result result = results.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(ApiFailure::noSuchPath);
        return result.problem()
                .map(problem -> Reply.text(500, "internal server error: " + problem))
                .orElseGet(() -> Reply.text(200, "ok"));
    }

    private Reply all(String root, List<Result> results, boolean verbose) {
        figures.count(root, results);
        StringBuilder lines = new StringBuilder();
        boolean failed = false;
        for (Result result : results) {
            failed |= result.problem().isPresent();
            lines.append(result.problem()
                    .map(problem -> "[-]%s failed: %s%n".formatted(result.name(), problem))
                    .orElseGet(() -> "[+]%s ok%n".formatted(result.name())));
        }
        if (failed) {
            return Reply.text(500, lines + root + " check failed\n");
        }
        return Reply.text(200, verbose ? lines + root + " check passed\n" : "ok");
    }
}
