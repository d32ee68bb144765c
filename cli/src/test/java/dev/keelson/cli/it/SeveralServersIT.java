package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two API servers over one PostgreSQL: how the second joins, and what clients see when either is killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralServersIT {
    private static final int KILLS = 3;
    /** A server starts in seconds; on a machine that runs other tests too, it may take its time. */
    private static final Duration BACK_LIMIT = Duration.ofMinutes(3);

    private record Outage(int server, long from, long to) {
        boolean covers(FailoverWriter.Failure failure) {
            return failure.server() == server && failure.at() >= from && failure.at() <= to;
        }
    }

    private static OutsideDatabase database;
    private static Cluster one;
    private static Cluster two;

    @BeforeAll
    static void up() {
        database = OutsideDatabase.start();
        one = Cluster.server(List.of("--database-url", database.url()));
        String command = one.keelson("join-command").ok().strip().replace("'", "");
        two = Cluster.server(List.of(
                command.substring("./keelson up --server-only ".length()).split(" ")));
    }

    @AfterAll
    static void down() {
        Stream.of(two, one).filter(cluster -> cluster != null).forEach(Cluster::close);
        if (database != null) {
            database.close();
        }
    }

    @Test
    @Order(1)
    void secondServerIsOneOfTheCluster() {
        one.kubectl("create", "configmap", "shared", "--from-literal=a=b").ok();
        assertThat(two.jsonPath("{.data.a}", "configmap", "shared")).isEqualTo("b");

        assertThat(whoIs(one.kubectl("create", "token", "default").ok().strip()))
                .isEqualTo("system:serviceaccount:default:default");
        Shell.await("both servers are endpoints", Duration.ofSeconds(20), () -> endpointPorts(one)
                .equals(List.of(one.port(), two.port()).stream().sorted().toList()));
        assertThat(one.jsonPath("{.items[*].spec.clusterIP}", "services", "-A"))
                .isEqualTo(two.jsonPath("{.items[*].spec.clusterIP}", "services", "-A"));
    }

    @Test
    @Order(2)
    void serverThatDoesNotBelongHereIsRefusedWithTheRemedy() {
        String[] plain = {"up", "--server-only", "--database-url", database.url()};
        assertThat(stranger(plain).failed()).contains("join-command", "--join-token");
        assertThat(stranger(with(plain, "--join-token", "x".repeat(43))).failed())
                .contains("not the one of the cluster in the database");
        assertThat(one.keelson("join-command").ok()).doesNotContain("\nkeelson:");
        String[] node = {"up", "--database-url", database.url(), "--join-token", "x".repeat(43)};
        assertThat(stranger(node).failed()).contains("--server-only");
    }

    @Test
    @Order(3)
    void killOfEitherServerIsNoticedOnlyByItsOwnClientsAndNoEventIsLost() throws InterruptedException {
        long seed = Long.getLong("keelson.seed", System.nanoTime());
        System.out.println("SeveralServersIT seed=" + seed);
        Random random = new Random(seed);
        one.kubectl("create", "namespace", "exact").ok();
        one.kubectl("create", "configmap", "counter", "-n", "exact", "--from-literal=n=0")
                .ok();
        String from = one.jsonPath("{.metadata.resourceVersion}", "configmap", "counter", "-n", "exact");
        try (TwoServers servers = new TwoServers(one, two)) {
            List<FailoverWriter> writers = Stream.of(0, 1, 0, 1)
                    .map(preferred -> new FailoverWriter(servers, "exact", preferred, random.nextLong()))
                    .toList();
            List<FailoverWatcher> watchers = Stream.of(0, 1)
                    .map(server -> new FailoverWatcher(servers, "exact", server, from))
                    .toList();
            List<Thread> threads = new ArrayList<>();
            watchers.forEach(watcher -> threads.add(Thread.ofVirtual().start(watcher)));
            writers.forEach(writer -> threads.add(Thread.ofVirtual().start(writer)));
            List<Outage> outages = new ArrayList<>();
            try {
                for (int i = 0; i < KILLS; i++) {
                    awaitWrites(writers, 20 + random.nextInt(100));
                    // Each at least once, then whichever chance says.
                    outages.add(kill(servers, i < 2 ? i : random.nextInt(2)));
                }
                awaitWrites(writers, 50);
                writers.forEach(FailoverWriter::stop);
                for (Thread writer : threads.subList(watchers.size(), threads.size())) {
                    writer.join();
                }
                verify(writers, watchers, outages, from, seed);
            } finally {
                writers.forEach(FailoverWriter::stop);
                watchers.forEach(FailoverWatcher::stop);
            }
        }
    }

    @Test
    @Order(4)
    void whenOneServerIsStoppedTheOtherDoesItsWork() {
        Cluster leader = leads(one) ? one : two;
        Cluster other = leader == one ? two : one;
        leader.keelson("down").ok();
        Shell.await("the other one leads", Duration.ofSeconds(20), () -> leads(other));
        Shell.await("the stopped one is no endpoint", Duration.ofSeconds(20), () -> endpointPorts(other)
                .equals(List.of(other.port())));
        other.kubectl("create", "namespace", "alone").ok();
        Shell.await(
                "controllers work",
                Duration.ofSeconds(20),
                () -> other.kubectl("get", "serviceaccount", "default", "-n", "alone")
                                .code()
                        == 0);
    }

    private static void verify(
            List<FailoverWriter> writers,
            List<FailoverWatcher> watchers,
            List<Outage> outages,
            String from,
            long seed) {
        List<String> log = database.log("exact").stream()
                .filter(row -> Long.parseLong(row.split(" ")[0]) > Long.parseLong(from))
                .toList();
        for (FailoverWatcher watcher : watchers) {
            Shell.await(
                    "all events", Duration.ofSeconds(20), () -> watcher.events().size() >= log.size());
            assertThat(watcher.events()).as("watcher, seed %d", seed).isEqualTo(log);
            assertThat(watcher.reconnects()).isPositive();
        }
        HashSet<String> happened = new HashSet<>();
        log.forEach(row -> happened.add(row.split(" ")[0] + " " + row.split(" ")[2]));
        for (FailoverWriter writer : writers) {
            assertThat(happened).as("acknowledged, seed %d", seed).containsAll(writer.acknowledged());
            assertThat(writer.failures())
                    // A write that stalls is one: requests give up after TwoServers.STALLED.
                    .as("failures at a server that was not killed, seed %d", seed)
                    .allMatch(failure -> outages.stream().anyMatch(outage -> outage.covers(failure)));
        }
        int counted = writers.stream().mapToInt(FailoverWriter::counted).sum();
        int unknown = writers.stream().mapToInt(FailoverWriter::unknown).sum();
        int counter = Integer.parseInt(one.jsonPath("{.data.n}", "configmap", "counter", "-n", "exact"));
        assertThat(counter).as("no increment is lost or done twice").isBetween(counted, counted + unknown);
        System.out.printf(
                "SeveralServersIT events=%d counter=%d unknown=%d slowest=%s ms%n",
                log.size(),
                counter,
                unknown,
                writers.stream().map(FailoverWriter::slowestMillis).toList());
    }

    private static Outage kill(TwoServers servers, int server) {
        long from = System.nanoTime();
        (server == 0 ? one : two).kill("server");
        Shell.await("server " + server + " is back", BACK_LIMIT, () -> servers.ready(server));
        return new Outage(server, from, System.nanoTime());
    }

    private static void awaitWrites(List<FailoverWriter> writers, int more) {
        for (FailoverWriter writer : writers) {
            int before = writer.acknowledged().size();
            Shell.await(
                    more + " more writes",
                    Duration.ofSeconds(60),
                    () -> writer.acknowledged().size() >= before + more / writers.size());
        }
    }

    /** What the second server makes of a token; the administrator's certificate must not be there to answer for it. */
    private static String whoIs(String token) {
        String authority = two.directory().resolve("pki/ca.crt").toString();
        return two.kubectl(
                        "--kubeconfig=/dev/null",
                        "--server=https://127.0.0.1:" + two.port(),
                        "--certificate-authority=" + authority,
                        "--token=" + token,
                        "auth",
                        "whoami",
                        "-o",
                        "jsonpath={.status.userInfo.username}")
                .ok();
    }

    private static List<Integer> endpointPorts(Cluster cluster) {
        String[] words = {"endpointslices", "-l", "kubernetes.io/service-name=kubernetes"};
        return Stream.of(cluster.jsonPath("{.items[*].ports[0].port}", words).split(" "))
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    private static boolean leads(Cluster cluster) {
        return cluster.jsonPath("{.spec.holderIdentity}", "lease", "keelson-controllers", "-n", "kube-system")
                .endsWith(":" + cluster.port());
    }

    /** A server with an empty directory, which must not get as far as to start anything. */
    private static Shell.Result stranger(String... words) {
        List<String> command =
                new ArrayList<>(List.of(Shell.repository().resolve("keelson").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--data-dir", "/tmp/it-stranger-" + one.name()));
        return Shell.run(java.util.Map.of(), "", command);
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }
}
