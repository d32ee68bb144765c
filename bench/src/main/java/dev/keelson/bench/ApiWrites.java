package dev.keelson.bench;

import dev.keelson.crds.client.http.TlsIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Updates of 2 KB ConfigMaps over HTTPS, each client its own object and connection, fsync on. */
final class ApiWrites {
    private static final int CLIENTS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration MEASURED = Duration.ofSeconds(20);

    private final Target target = Target.fromEnvironment();
    private final String padding = "x".repeat(1800);

    public static void main(String[] args) throws Exception {
        new ApiWrites().run();
    }

    private void run() throws Exception {
        measure(WARM_UP);
        List<Long> latencies = measure(MEASURED);
        Sample sample = new Sample(
                "update of a 2 KB ConfigMap",
                latencies.stream().mapToLong(Long::longValue).toArray());
        System.out.println(sample.line());
        System.out.printf(
                Locale.ROOT, "%d clients: %.0f writes/s%n", CLIENTS, latencies.size() / (double) MEASURED.toSeconds());
    }

    private List<Long> measure(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "bench-" + i;
                running.add(clients.submit(() -> {
                    writeUntil(end, name, latencies);
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
        return List.copyOf(latencies);
    }

    private void writeUntil(long end, String name, ConcurrentLinkedQueue<Long> latencies)
            throws IOException, InterruptedException {
        URI at = target.config().server().resolve("/api/v1/namespaces/default/configmaps/" + name);
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsIdentity.context(target.config()))
                .build()) {
            send(http, "POST", at.resolve("."), body(name, 0), 409);
            for (long i = 1; System.nanoTime() < end; i++) {
                long start = System.nanoTime();
                send(http, "PUT", at, body(name, start), 200);
                latencies.add(System.nanoTime() - start);
            }
        }
    }

    private static void send(HttpClient http, String method, URI at, String body, int alsoFine)
            throws IOException, InterruptedException {
        URI uri = at.getPath().endsWith("/")
                ? URI.create(at.toString().substring(0, at.toString().length() - 1))
                : at;
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2 && response.statusCode() != alsoFine) {
            throw new IOException(method + " " + uri + " answered " + response.statusCode() + ": " + response.body());
        }
    }

    private String body(String name, long counter) {
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","namespace":"default"},
                "data":{"counter":"%d","padding":"%s"}}""".formatted(name, counter, padding);
    }
}
