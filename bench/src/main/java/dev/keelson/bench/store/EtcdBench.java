package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final Target target = Target.ready();
    private final Optional<Integer> etcdPort;

    private EtcdBench(Optional<Integer> etcdPort) throws InterruptedException {
        this.etcdPort = etcdPort;
    }

    /** @param args the port of an etcd, when there is one */
    public static void main(String[] args) throws Exception {
        EtcdBench bench = new EtcdBench(Arrays.stream(args).findFirst().map(Integer::valueOf));
        bench.run();
        bench.vertx.close();
    }

    private void run() throws Exception {
        KeelsonStore keelson = new KeelsonStore(vertx, target, Connections.SHARED);
        keelson.prepare(CLIENTS);
        List<Store> shared = stores(keelson, Connections.SHARED);
        List<Store> own = stores(new KeelsonStore(vertx, target, Connections.OWN), Connections.OWN);
        loops.closed(keelson, CLIENTS, COMPILED);
        for (List<Store> stores : List.of(shared, own)) {
            for (Store store : stores) {
                loops.closed(store, CLIENTS, WARM_UP);
                loops.closed(store, 1, WARM_UP.dividedBy(3));
            }
        }
        report(shared, 1, "");
        report(shared, CLIENTS, " " + Connections.SHARED);
        report(own, CLIENTS, ", " + Connections.OWN);
        for (Store store : shared) {
            System.out.println(loops.open(store, CLIENTS, RATE, MEASURED).line());
        }
    }

    private List<Store> stores(KeelsonStore keelson, Connections connections) {
        return etcdPort.<List<Store>>map(port -> List.of(new EtcdStore(vertx, port, connections), keelson))
                .orElse(List.of(keelson));
    }

    private void report(List<Store> stores, int clients, String how) throws Exception {
        List<Loops.Result> results = new ArrayList<>();
        for (Store store : stores) {
            results.add(loops.closed(store, clients, MEASURED));
            System.out.println(results.getLast().line() + how);
        }
        if (results.size() == 2) {
            Loops.Result etcd = results.getFirst();
            Loops.Result keelson = results.getLast();
            System.out.printf(
                    Locale.ROOT,
                    "  keelson / etcd: latency %.2fx, throughput %.2fx%n",
                    keelson.sample().medianMillis() / etcd.sample().medianMillis(),
                    keelson.perSecond() / etcd.perSecond());
        }
    }
}
