package dev.keelson.bench.store;

import dev.keelson.bench.Sample;
import dev.keelson.bench.Target;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes of 2 KB, fsync on: Keelson's whole API beside a bare etcd on the same disk, by turns. */
public final class EtcdBench {
    private static final int CLIENTS = 64;
    private static final int RATE = 200;
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warm", 10));
    /** Until the server's second compiler is done with what writes go through: it begins late (decision 0190). */
    private static final Duration COMPILED = WARM_UP.multipliedBy(5);

    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));

    private final Vertx vertx = Vertx.vertx();
    private final Loops loops = new Loops(vertx);

    private EtcdBench() {}

    /** @param args the port of an etcd, when there is one */
    public static void main(String[] args) throws Exception {
        EtcdBench bench = new EtcdBench();
        bench.run(
                args.length > 0
                        ? Optional.of(new EtcdStore(bench.vertx, Integer.parseInt(args[0])))
                        : Optional.empty());
        bench.vertx.close();
    }

    private void run(Optional<EtcdStore> etcd) throws Exception {
        KeelsonStore keelson = new KeelsonStore(vertx, Target.ready(), CLIENTS);
        keelson.prepare(CLIENTS);
        List<Store> stores =
                etcd.<List<Store>>map(peer -> List.of(peer, keelson)).orElse(List.of(keelson));
        loops.closed(keelson, CLIENTS, COMPILED);
        for (Store store : stores) {
            loops.closed(store, CLIENTS, WARM_UP);
            loops.closed(store, 1, WARM_UP.dividedBy(3));
        }
        for (int clients : new int[] {1, CLIENTS}) {
            report(stores, clients);
        }
        for (Store store : stores) {
            System.out.println(loops.open(store, CLIENTS, RATE, MEASURED).line());
        }
    }

    private void report(List<Store> stores, int clients) throws Exception {
        Loops.Result first = loops.closed(stores.getFirst(), clients, MEASURED);
        System.out.println(first.line());
        if (stores.size() == 2) {
            Loops.Result second = loops.closed(stores.getLast(), clients, MEASURED);
            System.out.println(second.line());
            Sample etcd = first.sample();
            System.out.printf(
                    Locale.ROOT,
                    "  keelson / etcd: latency %.2fx, throughput %.2fx%n",
                    second.sample().medianMillis() / etcd.medianMillis(),
                    second.perSecond() / first.perSecond());
        }
    }
}
