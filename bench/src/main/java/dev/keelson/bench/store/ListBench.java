package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lists 1,000 of 100,000 ConfigMaps of 1 KB by a label, alone and ten at once; then the memory of 100 kinds more. */
public final class ListBench {
    private static final int OBJECTS = Integer.getInteger("bench.objects", 100_000);
    private static final int TOGETHER = 100;
    private static final int SHARDS = 100;
    private static final int LISTS = 100;
    private static final int AT_ONCE = 10;
    private static final int KINDS = 100;
    private static final long SERVED_NANOS = 10_000_000_000L;

    private final Vertx vertx = Vertx.vertx();
    private final Target target = Target.ready();
    private final HttpClient http = KeelsonStore.client(vertx, target, AT_ONCE);

    private ListBench() throws InterruptedException {}

    public static void main(String[] args) throws Exception {
        new ListBench().run();
    }

    private void run() throws Exception {
        kinds();
        create();
        Latencies warm = new Latencies(LISTS);
        for (int i = 0; i < LISTS / 2; i++) {
            join(list(warm));
        }
        Latencies alone = new Latencies(LISTS);
        for (int i = 0; i < LISTS; i++) {
            join(list(alone));
        }
        System.out.println(Latencies.line(alone.sample("list 1%% of %,d objects by label".formatted(OBJECTS))));
        atOnce();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void atOnce() throws Exception {
        ServerMemory memory = ServerMemory.of(target);
        double before = memory.residentMiB();
        memory.forgetPeak();
        Latencies together = new Latencies(LISTS);
        for (int round = 0; round < LISTS / AT_ONCE; round++) {
            List<Future<Buffer>> lists = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                lists.add(list(together));
            }
            join(Future.all(lists));
        }
        System.out.println(Latencies.line(together.sample("the same, %d at once".formatted(AT_ONCE))));
        System.out.printf(
                Locale.ROOT,
                "  resident memory grew by at most %.0f MiB from %.0f%n",
                memory.peakMiB() - before,
                before);
    }

    private Future<Buffer> list(Latencies latencies) {
        long start = System.nanoTime();
        return KeelsonStore.send(
                        http,
                        HttpMethod.GET,
                        "/api/v1/namespaces/bench-list/configmaps?labelSelector=shard%3D7",
                        Buffer.buffer())
                .onSuccess(body -> latencies.add(System.nanoTime() - start));
    }

    private void create() {
        post("/api/v1/namespaces", new JsonObject("{\"metadata\":{\"name\":\"bench-list\"}}"));
        long start = System.nanoTime();
        for (int from = 0; from < OBJECTS; from += TOGETHER) {
            JsonArray operations = new JsonArray();
            for (int i = from; i < from + TOGETHER; i++) {
                operations.add(new JsonObject().put("create", configMap(i)));
            }
            post(
                    "/apis/keelson.dev/v1/transactions",
                    new JsonObject()
                            .put("apiVersion", "keelson.dev/v1")
                            .put("kind", "Transaction")
                            .put("spec", new JsonObject().put("operations", operations)));
        }
        System.out.printf(
                Locale.ROOT,
                "created %,d ConfigMaps of 1 KB, %d in a transaction: %.0f/s%n",
                OBJECTS,
                TOGETHER,
                OBJECTS * 1e9 / (System.nanoTime() - start));
    }

    private static JsonObject configMap(int i) {
        return new JsonObject()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put(
                        "metadata",
                        new JsonObject()
                                .put("name", "c" + i)
                                .put("namespace", "bench-list")
                                .put(
                                        "labels",
                                        new JsonObject().put("app", "bench").put("shard", "" + i % SHARDS)))
                .put("data", new JsonObject().put("value", "v".repeat(600)));
    }

    private void kinds() throws Exception {
        ServerMemory memory = ServerMemory.of(target);
        double before = memory.liveHeapMiB();
        double resident = memory.residentMiB();
        for (int i = 0; i < KINDS; i++) {
            post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", kind(i));
        }
        for (int i = 0; i < KINDS; i++) {
            useKind(i);
        }
        System.out.printf(
                Locale.ROOT,
                "%d CustomResourceDefinitions of 30 fields: %.2f MiB of live heap each, %.2f MiB resident%n",
                KINDS,
                (memory.liveHeapMiB() - before) / KINDS,
                (memory.residentMiB() - resident) / KINDS);
    }

    /** What a kind needs is partly made when its first object comes; it is served a moment after it was made. */
    private void useKind(int i) {
        JsonObject object = new JsonObject()
                .put("apiVersion", "bench.keelson.dev/v1")
                .put("kind", "Thing" + i)
                .put("metadata", new JsonObject().put("name", "one"))
                .put("spec", new JsonObject().put("field0", "x"));
        String path = "/apis/bench.keelson.dev/v1/namespaces/default/things" + i;
        long end = System.nanoTime() + SERVED_NANOS;
        while (!created(path, object)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(path + " is not served");
            }
        }
    }

    private boolean created(String path, JsonObject object) {
        return join(KeelsonStore.send(http, HttpMethod.POST, path, object.toBuffer())
                .map(true)
                .otherwise(false));
    }

    private static JsonObject kind(int i) {
        JsonObject fields = new JsonObject();
        for (int f = 0; f < 30; f++) {
            fields.put(
                    "field" + f,
                    new JsonObject().put("type", "string").put("description", "What field " + f + " is for."));
        }
        JsonObject schema = new JsonObject()
                .put("type", "object")
                .put(
                        "properties",
                        new JsonObject()
                                .put(
                                        "spec",
                                        new JsonObject().put("type", "object").put("properties", fields)));
        return new JsonObject()
                .put("apiVersion", "apiextensions.k8s.io/v1")
                .put("kind", "CustomResourceDefinition")
                .put("metadata", new JsonObject().put("name", "things" + i + ".bench.keelson.dev"))
                .put(
                        "spec",
                        new JsonObject()
                                .put("group", "bench.keelson.dev")
                                .put("scope", "Namespaced")
                                .put(
                                        "names",
                                        new JsonObject()
                                                .put("plural", "things" + i)
                                                .put("singular", "thing" + i)
                                                .put("kind", "Thing" + i))
                                .put(
                                        "versions",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("name", "v1")
                                                        .put("served", true)
                                                        .put("storage", true)
                                                        .put(
                                                                "schema",
                                                                new JsonObject().put("openAPIV3Schema", schema)))));
    }

    private void post(String path, JsonObject body) {
        join(KeelsonStore.send(http, HttpMethod.POST, path, body.toBuffer()));
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
