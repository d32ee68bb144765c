package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * What 10,000 watches that one client opens and never reads cost the server, and its other clients: one of those writes
 * and watches meanwhile. Everything that it writes concerns the watches, too.
 */
public final class UnreadBench {
    private static final int WATCHES = Integer.getInteger("bench.watches", 10_000);
    private static final int OBJECTS = 100;
    private static final int OPENED_TOGETHER = 50;
    private static final int WRITES = 200;
    private static final String PATH =
            "/api/v1/namespaces/default/configmaps?watch=1&allowWatchBookmarks=true&timeoutSeconds=3600";

    private final Vertx vertx = Vertx.vertx();
    private final Target target = Target.ready();

    private UnreadBench() throws InterruptedException {}

    public static void main(String[] args) throws Exception {
        new UnreadBench().run();
    }

    private void run() throws Exception {
        new KeelsonStore(vertx, target, Connections.OWN).prepare(OBJECTS);
        try (Bystander bystander = new Bystander(target)) {
            bystander.measure("first", WRITES);
            bystander.measure("alone", WRITES);
            List<BiFunction<Vertx, Target, UnreadWatches>> ways =
                    List.of(UnreadWatches::overHttp1, UnreadWatches::overHttp2);
            for (BiFunction<Vertx, Target, UnreadWatches> way : ways) {
                measure(way.apply(vertx, target), bystander);
            }
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void measure(UnreadWatches watches, Bystander bystander) throws Exception {
        ServerMemory memory = ServerMemory.of(target);
        double heap = memory.liveHeapMiB();
        double resident = memory.residentMiB();
        memory.forgetPeak();
        long begin = System.nanoTime();
        open(watches);
        System.out.printf(
                Locale.ROOT,
                "%,d unread watches over %s: opened in %.1f s%n",
                WATCHES,
                watches.name(),
                (System.nanoTime() - begin) / 1e9);
        bystander.measure("while they fill", WRITES);
        bystander.measure("when they are full", WRITES);
        System.out.printf(
                Locale.ROOT,
                "  each: %.1f KiB of live heap, %.1f KiB resident; %.0f MiB resident at most%n",
                (memory.liveHeapMiB() - heap) * 1024 / WATCHES,
                (memory.residentMiB() - resident) * 1024 / WATCHES,
                memory.peakMiB());
        watches.close();
        bystander.measure("when they are gone", WRITES);
        System.out.printf(Locale.ROOT, "  %.1f MiB of live heap stayed behind%n", memory.liveHeapMiB() - heap);
    }

    private void open(UnreadWatches watches) throws Exception {
        for (int opened = 0; opened < WATCHES; opened += OPENED_TOGETHER) {
            List<Future<Void>> opening = new ArrayList<>();
            for (int i = opened; i < Math.min(WATCHES, opened + OPENED_TOGETHER); i++) {
                opening.add(watches.open(PATH));
            }
            Future.all(opening).toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
        }
    }
}
