package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** Three API servers over one PostgreSQL: how further ones join, and what clients see when any is killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralServersIT {
    private static final int SERVERS = 3;
    private static final int KILLS = 3;
    /** A server starts in seconds; on a machine that runs other tests too, it may take its time. */
    private static final Duration BACK_LIMIT = Duration.ofMinutes(5);

    private record Outage(int server, long from, long to) {
        boolean covers(FailoverWriter.Failure failure) {
            return failure.server() == server && failure.at() >= from && failure.at() <= to;
        }
    }

    @TempDir
    static Path elsewhere;

    private static OutsideDatabase database;
    private static String beforeTheKills = "";
    private static final List<Cluster> ALL = new ArrayList<>();

    @BeforeAll
    static void up() {
        database = OutsideDatabase.start();
        ALL.add(Cluster.server(List.of("--database-url", database.url())));
        while (ALL.size() < SERVERS) {
            // From the one that came last: whoever joined can let others in.
            String command = ALL.getLast().keelson("join-command").ok().strip().replace("'", "");
            ALL.add(Cluster.server(List.of(
                    command.substring("./keelson up --server-only ".length()).split(" "))));
        }
        ALL.getFirst().kubectl("create", "namespace", "exact").ok();
    }

    @AfterAll
    static void down() {
        // The test may be run again in this process, with servers of its own.
        List<Cluster> started = List.copyOf(ALL.reversed());
        ALL.clear();
        try {
            started.forEach(Cluster::close);
        } finally {
            if (database != null) {
                database.close();
            }
        }
    }

    @Test
    @Order(1)
    void furtherServersAreOfTheCluster() {
        ALL.getFirst()
                .kubectl("create", "configmap", "shared", "--from-literal=a=b")
                .ok();
        String token = ALL.getFirst().kubectl("create", "token", "default").ok().strip();
        for (Cluster server : ALL) {
            assertThat(server.jsonPath("{.data.a}", "configmap", "shared")).isEqualTo("b");
            assertThat(whoIs(server, token)).isEqualTo("system:serviceaccount:default:default");
            assertThat(server.jsonPath("{.items[*].spec.clusterIP}", "services", "-A"))
                    .isEqualTo(ALL.getFirst().jsonPath("{.items[*].spec.clusterIP}", "services", "-A"));
        }
        awaitEndpoints(ALL.getFirst(), ALL);
    }

    @Test
    @Order(2)
    void serverThatDoesNotBelongHereIsRefusedWithTheRemedy() {
        String[] plain = {"up", "--server-only", "--database-url", database.url()};
        assertThat(stranger(plain).failed()).contains("join-command", "--join-token");
        String stranger = "aaaaaa." + "x".repeat(43);
        assertThat(stranger(with(plain, "--join-token", stranger)).failed())
                .contains("knows no join token aaaaaa", "join-command");
        String[] node = {"up", "--database-url", database.url(), "--join-token", stranger};
        assertThat(stranger(node).failed()).contains("--server-only");
    }

    @Test
    @Order(3)
    void tokensEndInTimeOrWhenTheyAreRevoked() {
        Cluster any = ALL.getLast();
        String[] plain = {"up", "--server-only", "--database-url", database.url(), "--join-token"};
        String brief = token(any.keelson("join-command", "--ttl", "1s").ok());
        Shell.await(
                "the token has ended", Duration.ofSeconds(30), () -> !database.opens(brief.replaceFirst("\\..*", "")));
        assertThat(stranger(with(plain, brief)).failed()).contains("it has expired");
        String revoked = token(any.keelson("join-command").ok());
        String valid = token(any.keelson("join-command", "--revoke").ok());
        assertThat(stranger(with(plain, revoked)).failed()).contains("or it has expired");
        // Who has an identifier has not the secret.
        String guessed = valid.replaceFirst("\\..*", "." + "x".repeat(43));
        assertThat(stranger(with(plain, guessed)).failed()).contains("does not open");
    }

    @Test
    @Order(4)
    void killOfAnyServerIsNoticedOnlyByItsOwnClientsAndNoEventIsLost() throws InterruptedException {
        long seed = Long.getLong("keelson.seed", System.nanoTime());
        System.out.println("SeveralServersIT seed=" + seed);
        Random random = new Random(seed);
        Cluster one = ALL.getFirst();
        one.kubectl("create", "configmap", "counter", "-n", "exact", "--from-literal=n=0")
                .ok();
        String from = one.jsonPath("{.metadata.resourceVersion}", "configmap", "counter", "-n", "exact");
        beforeTheKills = from;
        try (Servers servers = new Servers(ALL)) {
            // One for each server: more of them would mostly wait for a turn at the counter, and the test for them.
            List<FailoverWriter> writers = Stream.of(0, 1, 2)
                    .map(preferred -> new FailoverWriter(servers, "exact", preferred, random.nextLong()))
                    .toList();
            List<FailoverWatcher> watchers = Stream.of(0, 1, 2)
                    .map(server -> new FailoverWatcher(servers, "exact", server, "", from))
                    .toList();
            String side = "&labelSelector=side%3Dleft" + FailoverWatcher.BRIEF;
            FailoverWatcher choosing = new FailoverWatcher(servers, "exact", random.nextInt(SERVERS), side, from);
            int any = random.nextInt(SERVERS);
            FailoverWatcher beginning = new FailoverWatcher(servers, "exact", any, FailoverWatcher.BRIEF, "");
            List<Thread> threads = new ArrayList<>();
            watchers.forEach(watcher -> threads.add(Thread.ofVirtual().start(watcher)));
            writers.forEach(writer -> threads.add(Thread.ofVirtual().start(writer)));
            List<Outage> outages = new ArrayList<>();
            try {
                for (int i = 0; i < KILLS; i++) {
                    awaitWrites(writers, 10 + random.nextInt(50));
                    if (i == 0) {
                        Thread.ofVirtual().start(choosing);
                        Thread.ofVirtual().start(beginning);
                    }
                    // Each in turn, so that every client is moved on; then whichever chance says.
                    outages.add(kill(servers, i < SERVERS ? i : random.nextInt(SERVERS)));
                }
                awaitWrites(writers, 25);
                writers.forEach(FailoverWriter::stop);
                for (Thread writer : threads.subList(watchers.size(), threads.size())) {
                    writer.join();
                }
                Shell.await("what was there at first", Duration.ofSeconds(20), () -> !beginning
                        .began()
                        .isEmpty());
                ExpectedEvents expected = new ExpectedEvents(database.log("exact"));
                verify(writers, watchers, outages, expected.after(from), seed);
                verify(choosing, expected.of("left", from), outages, seed);
                verify(beginning, expected.after(beginning.began()), outages, seed);
                assertThat(beginning.initial())
                        .as("initial events, seed %d", seed)
                        .isEqualTo(expected.at(beginning.began()));
            } finally {
                writers.forEach(FailoverWriter::stop);
                watchers.forEach(FailoverWatcher::stop);
                choosing.stop();
                beginning.stop();
            }
        }
    }

    @Test
    @Order(5)
    void aListThatBeganAtOneServerGoesOnAtTheOthers() throws IOException, InterruptedException {
        String list = "/api/v1/namespaces/exact/configmaps?limit=1";
        try (Servers servers = new Servers(ALL)) {
            create(servers, "first");
            create(servers, "second");
            JsonNode first = servers.send(0, "GET", list, "").body();
            String token = first.at("/metadata/continue").asText();
            for (int server = 0; server < SERVERS; server++) {
                Servers.Answer next = servers.send(server, "GET", list + "&continue=" + token, "");
                assertThat(next.code()).as(next.body().toString()).isEqualTo(200);
                assertThat(next.body().at("/metadata/resourceVersion"))
                        .isEqualTo(first.at("/metadata/resourceVersion"));
                assertThat(next.body().at("/items/0/metadata/name")).isNotEqualTo(first.at("/items/0/metadata/name"));
            }
        }
    }

    /** At a server that does not remember the list's beginning; the one that does goes on with it for five minutes. */
    @Test
    @Order(6)
    void aListThatBeganBeforeACompactionGoesOnWithoutConsistency() throws IOException, InterruptedException {
        String list = "/api/v1/namespaces/exact/configmaps?limit=1";
        try (Servers servers = new Servers(ALL)) {
            // At a moment that no list of another test had.
            create(servers, "another");
            create(servers, "one");
            JsonNode first = servers.send(0, "GET", list, "").body();
            String token = first.at("/metadata/continue").asText();
            String begun = first.at("/items/0/metadata/name").asText();
            String later = begun + "-later";
            create(servers, later);
            create(servers, later + "-than-the-floor");
            database.compact();

            Servers.Answer expired = servers.send(1, "GET", list + "&continue=" + token, "");
            assertThat(expired.code()).isEqualTo(410);
            assertThat(expired.body().at("/reason").asText()).isEqualTo("Expired");
            String next = expired.body().at("/metadata/continue").asText();
            Servers.Answer rest = servers.send(2, "GET", list + "&continue=" + next, "");
            assertThat(rest.code()).as(rest.body().toString()).isEqualTo(200);
            assertThat(rest.body().at("/items/0/metadata/name").asText()).isEqualTo(later);
            assertThat(servers.send(0, "GET", list + "&continue=" + token, "").code())
                    .isEqualTo(200);
        }
    }

    /** Nobody remembers what it would need next: a server that was killed since, and a history that is gone. */
    @Test
    @Order(7)
    void aWatchFromBeforeACompactionIsToldToBeginAnew() throws IOException, InterruptedException {
        try (Servers servers = new Servers(ALL)) {
            String path = "/api/v1/namespaces/exact/configmaps?watch=1&resourceVersion=" + beforeTheKills;
            try (BufferedReader lines = servers.watch(1, path)) {
                JsonNode event = Servers.JSON.readTree(lines.readLine());
                assertThat(event.path("type").asText()).isEqualTo("ERROR");
                assertThat(event.at("/object/code").asInt()).isEqualTo(410);
                assertThat(event.at("/object/reason").asText()).isEqualTo("Expired");
                assertThat(event.at("/object/message").asText())
                        .startsWith("too old resource version: " + beforeTheKills + " (");
                assertThat(lines.readLine()).isNull();
            }
            FailoverWatcher anew = new FailoverWatcher(servers, "exact", 1, FailoverWatcher.BRIEF, "");
            Thread.ofVirtual().start(anew);
            Shell.await(
                    "everything", Duration.ofSeconds(20), () -> !anew.began().isEmpty());
            create(servers, "after-the-compaction");
            Shell.await("the next event", Duration.ofSeconds(20), () -> !anew.events()
                    .isEmpty());
            anew.stop();
            assertThat(anew.initial()).containsKey("counter");
            assertThat(anew.events().getFirst()).endsWith(" ADDED after-the-compaction");
            assertThat(anew.wrong()).isEmpty();
        }
    }

    @Test
    @Order(8)
    void whenOneServerIsStoppedTheOthersDoItsWork() {
        Cluster leader =
                ALL.stream().filter(SeveralServersIT::leads).findFirst().orElse(ALL.getFirst());
        List<Cluster> others = ALL.stream().filter(server -> server != leader).toList();
        leader.keelson("down").ok();
        // Sooner than the lease of the one before ends: it was handed over.
        Shell.await("another one leads", Duration.ofSeconds(10), () -> others.stream()
                .anyMatch(SeveralServersIT::leads));
        Cluster other = others.getFirst();
        awaitEndpoints(other, others);
        other.kubectl("create", "namespace", "alone").ok();
        Shell.await(
                "controllers work",
                Duration.ofSeconds(20),
                () -> other.kubectl("get", "serviceaccount", "default", "-n", "alone")
                                .code()
                        == 0);
    }

    private static void create(Servers servers, String name) throws IOException, InterruptedException {
        String body = "{\"metadata\":{\"name\":\"%s\"}}".formatted(name);
        servers.send(0, "POST", "/api/v1/namespaces/exact/configmaps", body);
    }

    private static void verify(
            List<FailoverWriter> writers,
            List<FailoverWatcher> watchers,
            List<Outage> outages,
            List<String> log,
            long seed) {
        for (FailoverWatcher watcher : watchers) {
            verify(watcher, log, outages, seed);
            assertThat(watcher.breaks()).isNotEmpty();
        }
        HashSet<String> happened = new HashSet<>();
        log.forEach(row -> happened.add(row.split(" ")[0] + " " + row.split(" ")[2]));
        for (FailoverWriter writer : writers) {
            assertThat(happened).as("acknowledged, seed %d", seed).containsAll(writer.acknowledged());
            // A write that stalls is one: requests give up after Servers.STALLED.
            assertOnlyOfKilledServers(writer.failures(), outages, seed);
        }
        int counted = writers.stream().mapToInt(FailoverWriter::counted).sum();
        int unknown = writers.stream().mapToInt(FailoverWriter::unknown).sum();
        int counter = Integer.parseInt(ALL.getFirst().jsonPath("{.data.n}", "configmap", "counter", "-n", "exact"));
        assertThat(counter).as("no increment is lost or done twice").isBetween(counted, counted + unknown);
        System.out.printf(
                "SeveralServersIT events=%d counter=%d unknown=%d slowest=%s ms%n",
                log.size(),
                counter,
                unknown,
                writers.stream().map(FailoverWriter::slowestMillis).toList());
    }

    private static void assertOnlyOfKilledServers(
            List<FailoverWriter.Failure> failures, List<Outage> outages, long seed) {
        assertThat(failures)
                .as("failures at a server that was not killed, seed %d", seed)
                .allMatch(failure -> outages.stream().anyMatch(outage -> outage.covers(failure)));
    }

    private static void verify(FailoverWatcher watcher, List<String> log, List<Outage> outages, long seed) {
        Shell.await("all events", Duration.ofSeconds(20), () -> watcher.events().size() >= log.size());
        assertThat(watcher.events()).as("watcher, seed %d", seed).isEqualTo(log);
        assertThat(watcher.wrong()).as("seed %d", seed).isEmpty();
        assertOnlyOfKilledServers(watcher.breaks(), outages, seed);
    }

    private static Outage kill(Servers servers, int server) {
        long from = System.nanoTime();
        ALL.get(server).kill("server");
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

    /** What a server makes of a token; the administrator's certificate must not be there to answer for it. */
    private static String whoIs(Cluster server, String token) {
        String authority = server.directory().resolve("pki/ca.crt").toString();
        return server.kubectl(
                        "--kubeconfig=/dev/null",
                        "--server=https://127.0.0.1:" + server.port(),
                        "--certificate-authority=" + authority,
                        "--token=" + token,
                        "auth",
                        "whoami",
                        "-o",
                        "jsonpath={.status.userInfo.username}")
                .ok();
    }

    private static void awaitEndpoints(Cluster asked, List<Cluster> expected) {
        List<Integer> ports = expected.stream().map(Cluster::port).sorted().toList();
        String[] words = {"endpointslices", "-l", "kubernetes.io/service-name=kubernetes"};
        Shell.await("the endpoints are " + ports, Duration.ofSeconds(20), () -> Stream.of(
                        asked.jsonPath("{.items[*].ports[0].port}", words).split(" "))
                .map(Integer::valueOf)
                .sorted()
                .toList()
                .equals(ports));
    }

    private static boolean leads(Cluster cluster) {
        return cluster.jsonPath("{.spec.holderIdentity}", "lease", "keelson-controllers", "-n", "kube-system")
                .endsWith(":" + cluster.port());
    }

    private static String token(String joinCommand) {
        return joinCommand.strip().replaceFirst(".* ", "");
    }

    /** A server with an empty directory, which must not get as far as to start anything. */
    private static Shell.Result stranger(String... words) {
        List<String> command =
                new ArrayList<>(List.of(Shell.repository().resolve("keelson").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--data-dir", elsewhere.resolve("stranger").toString()));
        return Shell.run(java.util.Map.of(), "", command);
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }
}
