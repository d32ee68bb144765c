package dev.keelson.bench;

import java.io.IOException;
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

    private final Target target = Target.ready();
    private final String padding = "x".repeat(1800);

    private ApiWrites() throws InterruptedException {}

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

    private void writeUntil(long end, String name, ConcurrentLinkedQueue<Long> latencies) throws IOException {
        String collection = "/api/v1/namespaces/default/configmaps";
        try (HttpConnection connection = new HttpConnection(target.config())) {
            send(connection, "POST", collection, body(name, 0), 409);
            for (long i = 1; System.nanoTime() < end; i++) {
                long start = System.nanoTime();
                send(connection, "PUT", collection + "/" + name, body(name, start), 200);
                latencies.add(System.nanoTime() - start);
            }
        }
    }

    private static void send(HttpConnection connection, String method, String path, String body, int alsoFine)
            throws IOException {
        int status = connection.send(method, path, body);
        if (status / 100 != 2 && status != alsoFine) {
            throw new IOException(method + " " + path + " answered " + status);
        }
    }

    private String body(String name, long counter) {
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","namespace":"default"},
                "data":{"counter":"%d","padding":"%s"}}""".formatted(name, counter, padding);
    }
}
