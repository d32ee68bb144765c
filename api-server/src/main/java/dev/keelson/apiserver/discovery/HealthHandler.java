package dev.keelson.apiserver.discovery;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code /livez}, {@code /readyz} and {@code /healthz} as the Kubernetes API server answers them: {@code ok}, or with
 * {@code ?verbose} and on failure one line a check; {@code /readyz/NAME} asks one check; {@code ?exclude=NAME} leaves
 * one out. Tools that keep a server's store out of the question call it by its name in Kubernetes. {@code /metrics/slis} shows what the checks of the first three said, those made for this answer included: no
 * kubelet asks this server's health, so without them a cluster that nobody probes would show nothing.
 */
public final class HealthHandler implements PathHandler {
    private static final System.Logger LOG = System.getLogger(HealthHandler.class.getName());
    private static final Set<String> ROOTS = Set.of("livez", "readyz", "healthz");

    /** The store's check has its own name, for it is no etcd, and answers to those that tools know. */
    private static final Map<String, String> KNOWN_AS = Map.of("etcd", "storage", "etcd-readiness", "storage");

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
        List<Result> results = (parts[0].equals("livez") ? liveness : readiness).get();
        return Optional.of(parts.length == 2 ? one(parts[1], results) : all(parts[0], results, request.query()));
    }

    private static Reply one(String asked, List<Result> results) {
        String name = ours(asked);
        Result result = results.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(ApiFailure::noSuchPath);
        return result.problem()
                .map(problem -> Reply.text(500, "internal server error: " + problem + "\n"))
                .orElseGet(() -> Reply.text(200, "ok"));
    }

    private static String ours(String name) {
        return KNOWN_AS.getOrDefault(name, name);
    }

    private Reply all(String root, List<Result> results, QueryParameters query) {
        Set<String> excluded = query.values().getOrDefault("exclude", List.of()).stream()
                .map(HealthHandler::ours)
                .collect(Collectors.toCollection(TreeSet::new));
        List<Result> asked = results.stream()
                .filter(result -> !excluded.contains(result.name()))
                .toList();
        figures.count(root, asked);
        String lines = results.stream()
                .map(result -> line(result, excluded.contains(result.name())))
                .collect(Collectors.joining("", "", unknown(excluded, results)));
        List<Result> failed =
                asked.stream().filter(result -> result.problem().isPresent()).toList();
        if (failed.isEmpty()) {
            return Reply.text(200, query.has("verbose") ? lines + root + " check passed\n" : "ok");
        }
        LOG.log(System.Logger.Level.WARNING, "health check failed root={0} checks={1}", root, failed);
        return Reply.text(500, lines + root + " check failed\n");
    }

    /** Why a check failed is for those who may ask it by its name, and for the log: everybody may read this line. */
    private static String line(Result result, boolean excluded) {
        if (excluded) {
            return "[+]" + result.name() + " excluded: ok\n";
        }
        return result.problem().isPresent()
                ? "[-]" + result.name() + " failed: reason withheld\n"
                : "[+]" + result.name() + " ok\n";
    }

    private static String unknown(Set<String> excluded, List<Result> results) {
        Set<String> names = new TreeSet<>(excluded);
        results.forEach(result -> names.remove(result.name()));
        return names.isEmpty()
                ? ""
                : names.stream()
                        .collect(Collectors.joining(
                                "\",\"", "warn: some health checks cannot be excluded: no matches for \"", "\"\n"));
    }
}
