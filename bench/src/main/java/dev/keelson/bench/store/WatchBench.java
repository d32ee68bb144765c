package dev.keelson.bench.store;

import dev.keelson.bench.Sample;
import dev.keelson.bench.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * How long after a write is acknowledged its event has reached a watcher, with 1,000 watchers on connections of their
 * own over TLS; an event that comes before the acknowledgement took no time.
 */
public final class WatchBench {
    private static final int WATCHERS = Integer.getInteger("bench.watchers", 1_000);
    private static final int OPENED_TOGETHER = 50;
    private static final String PATH = "/api/v1/namespaces/default/configmaps";

    private record Arrival(String revision, long at) {}

    private final Vertx vertx = Vertx.vertx();
    private final Target target = Target.ready();
    private final KeelsonStore store = new KeelsonStore(vertx, target, Connections.OWN);
    private final HttpClient writer = KeelsonStore.client(vertx, target, 16);
    private final List<HttpClient> opened = new ArrayList<>();

    private WatchBench() throws InterruptedException {}

    public static void main(String[] args) throws Exception {
        new WatchBench().run();
    }

    private void run() throws Exception {
        store.prepare(WATCHERS);
        measure(
                "each of %d watchers its own object, 100 writes/s".formatted(WATCHERS),
                100,
                1_000,
                i -> "&fieldSelector=metadata.name%3Dstore-" + i);
        measure("all of %d watchers every object, 2 writes/s".formatted(WATCHERS), 2, 30, i -> "");
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void measure(String name, int rate, int writes, IntFunction<String> selector) throws Exception {
        List<List<Arrival>> arrivals = new ArrayList<>();
        String from = revision();
        for (int opened = 0; opened < WATCHERS; opened += OPENED_TOGETHER) {
            List<Future<Void>> opening = new ArrayList<>();
            for (int i = opened; i < Math.min(WATCHERS, opened + OPENED_TOGETHER); i++) {
                List<Arrival> mine = new ArrayList<>();
                arrivals.add(mine);
                opening.add(watch(PATH + "?watch=1&resourceVersion=" + from + selector.apply(i), mine));
            }
            Future.all(opening).toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        long begin = System.nanoTime();
        for (int i = 0; i < writes; i++) {
            TimeUnit.NANOSECONDS.sleep(begin + i * 1_000_000_000L / rate - System.nanoTime());
            write(i % WATCHERS, acknowledged);
        }
        TimeUnit.SECONDS.sleep(3);
        for (HttpClient client : opened) {
            client.close();
        }
        opened.clear();
        System.out.println(Latencies.line(sample(name, arrivals, acknowledged)));
    }

    private void write(int object, Map<String, Long> acknowledged) {
        String body =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"store-%d\"},\"data\":{\"n\":\"%d\",\"padding\":\"%s\"}}"
                        .formatted(object, System.nanoTime(), "x".repeat(900));
        KeelsonStore.send(writer, HttpMethod.PUT, PATH + "/store-" + object, Buffer.buffer(body))
                .onSuccess(answer -> acknowledged.put(revisionOf(answer.getBytes()), System.nanoTime()));
    }

    private Future<Void> watch(String path, List<Arrival> arrivals) {
        HttpClient client = KeelsonStore.client(vertx, target, 1);
        opened.add(client);
        return client.request(HttpMethod.GET, path)
                .compose(request -> request.send())
                .map(answer -> {
                    answer.handler(bytes -> {
                        // One event at a time at these rates, so a chunk is an event or its last part.
                        String revision = revisionOf(bytes.getBytes());
                        if (!revision.isEmpty()) {
                            arrivals.add(new Arrival(revision, System.nanoTime()));
                        }
                    });
                    return null;
                });
    }

    private static Sample sample(String name, List<List<Arrival>> arrivals, Map<String, Long> acknowledged) {
        long[] latencies = arrivals.stream()
                .flatMap(List::stream)
                .filter(arrival -> acknowledged.containsKey(arrival.revision()))
                .mapToLong(arrival -> Math.max(0, arrival.at() - acknowledged.get(arrival.revision())))
                .toArray();
        return new Sample(name, latencies);
    }

    private String revision() {
        return new JsonObject(KeelsonStore.send(writer, HttpMethod.GET, PATH + "?limit=1", Buffer.buffer())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join())
                .getJsonObject("metadata")
                .getString("resourceVersion");
    }

    private static String revisionOf(byte[] json) {
        String text = new String(json, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("\"resourceVersion\":\"");
        return start < 0 ? "" : text.substring(start + 19, text.indexOf('"', start + 19));
    }
}
