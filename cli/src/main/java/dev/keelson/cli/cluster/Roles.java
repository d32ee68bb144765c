package dev.keelson.cli.cluster;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.cli.cluster.Supervisor.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The command lines of this machine's processes, as a function of the configuration. */
public final class Roles {
    public static final String POSTGRES = "postgres";
    /** SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is flushed. */
    private static final int SIGINT = 2;

    private static final int SIGTERM = 15;
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);
    /** A JVM writes down what it has recorded when it ends. */
    private static final Duration RECORDING_GRACE = Duration.ofMinutes(5);
    /** Two malloc arenas instead of eight per core: the JVM's own threads allocate little and keep it long. */
    private static final Map<String, String> JVM_ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "MALLOC_ARENA_MAX", "2");

    /**
     * The compilers take what is called twice, the second what is called ten times as often as usual, and nothing only because
     * the training called it often: otherwise they would take half of the start (decision 0190).
     */
    private static final List<String> LATE_COMPILERS = List.of(
            "-XX:-AOTReplayTraining",
            "-XX:Tier3InvocationThreshold=400",
            "-XX:Tier3MinInvocationThreshold=200",
            "-XX:Tier3CompileThreshold=4000",
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=15000",
            "-XX:Tier4CompileThreshold=100000",
            "-XX:Tier4BackEdgeThreshold=400000");

    private static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:-ShrinkHeapInSteps",
            // A whole collection is rare here and comes when the node idles: it may move everything and drop what was
            // only
            // kept in case (reflection's data of classes that were read once).
            "-XX:MarkSweepDeadRatio=0",
            "-XX:SoftRefLRUPolicyMSPerMB=20",
            // The start-up cache where it was made for: moving it would make every page of it this process's own.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // Key stores here are made in memory out of PEM files: deriving keys to protect them takes a tenth of the
            // start.
            "-Dkeystore.pkcs12.keyPbeIterationCount=1",
            "-Dkeystore.pkcs12.certProtectionAlgorithm=NONE",
            "-Dkeystore.pkcs12.macAlgorithm=NONE",
            "-Xss512k",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private Roles() {}

    /**
     * Held until its files are ready, so that the others can start meanwhile.
     *
     * @param command drops root by itself
     */
    public static Role postgres(DataDir directory, List<String> command, Map<String, String> env) {
        return new Role(POSTGRES, 0, 0, SIGINT, STOP_GRACE, true, directory.postgres(), command, env);
    }

    public static Role server(
            ServiceUser user,
            DataDir directory,
            ClusterConfig config,
            Distribution distribution,
            DatabaseUrl database) {
        List<String> flags = new ArrayList<>(JVM_FLAGS);
        // Room for writes: what a tighter heap would cost them has not been measured well enough (decision 0090).
        flags.addAll(
                List.of("-Xms24m", "-Xmx512m", "-XX:NewRatio=3", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20"));
        flags.addAll(LATE_COMPILERS);
        // To look for compiled code that is no longer used this collector collects everything: so not after each 10 MB
        // of new code, but when the cache is nearly full. A busy server fills less than half of it (decision 0204).
        flags.add("-XX:SweeperThreshold=100");
        settings(config, directory).forEach((key, value) -> flags.add("-D" + key + "=" + value));
        Map<String, String> environment = new TreeMap<>(database.environment());
        environment.putAll(JVM_ENVIRONMENT);
        return new Role(
                "server",
                user.uid(),
                user.gid(),
                SIGTERM,
                Distribution.recording() ? RECORDING_GRACE : STOP_GRACE,
                false,
                directory.root(),
                distribution.command("server", directory, flags),
                environment);
    }

    public static Role agent(DataDir directory, Distribution distribution) {
        List<String> flags = new ArrayList<>(JVM_FLAGS);
        // It waits for the kernel and the network most of the time: the second compiler would cost more than it saves.
        flags.addAll(List.of("-Xms16m", "-Xmx256m", "-Xmn6m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10"));
        flags.add("-XX:TieredStopAtLevel=1");
        flags.add("-Djava.io.tmpdir=" + directory.agentTemporary());
        // A pod's start goes through much code once: waiting for 200 pods before it is compiled would make it slow for
        // long.
        flags.add("-XX:CompileThresholdScaling=0.2");
        return new Role(
                "agent",
                0,
                0,
                SIGTERM,
                Distribution.recording() ? RECORDING_GRACE : STOP_GRACE,
                false,
                directory.root(),
                distribution.command("agent", directory, flags),
                JVM_ENVIRONMENT);
    }

    /** The API server's configuration (its {@code ServerConfig}) for this cluster. */
    private static Map<String, String> settings(ClusterConfig config, DataDir directory) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "keelson.pki-dir", directory.pki().toString(),
                "keelson.https-port", String.valueOf(config.httpsPort()),
                "keelson.advertise-address", config.nodeIp(),
                "keelson.service-cidr", config.serviceCidr(),
                "dev.keelson.pod-cidr", config.podCidr(),
                "dev.keelson.node-name", config.nodeName(),
                "keelson.cluster-domain", ClusterConfig.DOMAIN));
        settings.putAll(eventLoops(Runtime.getRuntime().availableProcessors()));
        return settings;
    }

    /**
     * An HTTP server for each processor, and an event loop more than that. Vert.x gives loops away in turn, to whoever asks
     * while the servers start as well: of two loops both servers got the same one in some starts (decision 0010).
     */
    private static Map<String, String> eventLoops(int processors) {
        int servers = Math.clamp(processors, 2, 16);
        return Map.of(
                "quarkus.http.io-threads", String.valueOf(servers),
                "quarkus.vertx.event-loops-pool-size", String.valueOf(servers + 1));
    }
}
