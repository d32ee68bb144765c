package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes of 2 KB, fsync on: Keelson's whole API beside a bare etcd on the same disk, by turns. */
public final class EtcdBench {
    private static final int CLIENTS = 64;
    private static final int RATE = 200;
    private static final int TURNS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warm", 10));
    /** Until the server's second compiler is done with what writes go through: it begins late (decision 0190). */
    private static final Duration COMPILED = WARM_UP.multipliedBy(10);

    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("bench.seconds", 5));
    /** At a rate that is far from any limit it is the rare that counts. */
    private static final Duration AT_RATE = MEASURED.multipliedBy(4);

    private final Vertx vertx = Vertx.vertx();
    private final Loops loops = new Loops(vertx);
    private final Target target = Target.ready();
    private final Optional<Integer> etcdPort;
    private final Optional<Path> etcdClient;

    private EtcdBench(List<String> arguments) throws InterruptedException {
        this.etcdPort = arguments.stream().findFirst().map(Integer::valueOf);
        this.etcdClient = arguments.stream().skip(1).findFirst().map(Path::of);
    }

    /** @param args the port of an etcd, when there is one, and a program that puts to it through its own client */
    public static void main(String[] args) throws Exception {
        EtcdBench bench = new EtcdBench(List.of(args));
        bench.run();
        bench.vertx.close();
    }

    private void run() throws Exception {
        for (Connections connections : Connections.values()) {
            KeelsonStore keelson = new KeelsonStore(vertx, target, connections);
            keelson.prepare(CLIENTS);
            loops.closed(keelson, CLIENTS, COMPILED);
        }
        measure(Connections.SHARED, 1, "");
        for (Connections connections : Connections.values()) {
            measure(connections, CLIENTS, ", " + connections);
        }
        for (Store store : stores(Connections.SHARED)) {
            System.out.println(loops.open(store, CLIENTS, RATE, AT_RATE).line());
        }
    }

    private void measure(Connections connections, int clients, String how) throws Exception {
        List<Load> loads = new ArrayList<>();
        etcdPort.ifPresent(
                port -> etcdClient.ifPresent(program -> loads.add(new EtcdClient(program, port, connections))));
        stores(connections).forEach(store -> loads.add(new StoreLoad(loops, store)));
        Turns.run(loads, clients, how, 1, WARM_UP);
        Turns.run(loads, clients, how, TURNS, MEASURED).print();
    }

    private List<Store> stores(Connections connections) {
        List<Store> stores = new ArrayList<>();
        etcdPort.ifPresent(port -> stores.add(new EtcdStore(vertx, port, connections)));
        stores.add(new KeelsonStore(vertx, target, connections));
        return stores;
    }

    private record StoreLoad(Loops loops, Store store) implements Load {
        @Override
        public String name() {
            return store.name();
        }

        @Override
        public Loops.Result run(int clients, Duration time) throws InterruptedException {
            return loops.closed(store, clients, time);
        }
    }
}
