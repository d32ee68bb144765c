package dev.keelson.cli.command;

import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.HostNetwork;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which cluster on this machine a command means. */
public final class ClusterOptions {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:KEELSON_DATA_DIR:-/var/lib/keelson}",
            description = "Directory that holds everything of the cluster (KEELSON_DATA_DIR; ${DEFAULT-VALUE}).")
    public Path dataDir;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "${env:KEELSON_CLUSTER:-}",
            description = "Cluster name; keeps clusters on one machine apart (KEELSON_CLUSTER; keelson).")
    public String cluster;

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            defaultValue = "${env:KEELSON_NODE_NAME:-}",
            description = "Name of this machine's Node (KEELSON_NODE_NAME; the host name).")
    public String nodeName;

    @Option(
            names = "--https-port",
            paramLabel = "N",
            defaultValue = "${env:KEELSON_HTTPS_PORT:-0}",
            description = "Port of the API server (KEELSON_HTTPS_PORT; 6443).")
    public int httpsPort;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            defaultValue = "${env:KEELSON_DATABASE_URL:-}",
            description = "An outside PostgreSQL instead of the embedded one (KEELSON_DATABASE_URL).")
    public String databaseUrl;

    public DataDir directory() {
        return new DataDir(dataDir);
    }

    /** The cluster in the data directory; an error that says how to make one when there is none. */
    public ClusterConfig existing() {
        DataDir directory = directory();
        ClusterConfig config = ClusterConfig.read(directory.clusterFile())
                .orElseThrow(() -> new CliException("no cluster in %s: start one with ./keelson up --data-dir %s"
                        .formatted(directory.root(), directory.root())));
        checkSame("--cluster", cluster, config.cluster(), directory);
        checkSame("--node-name", nodeName, config.nodeName(), directory);
        return config;
    }

    /**
     * What {@code up} is to run with: the stored configuration with changed flags, or a fresh one.
     *
     * @param serverOnly whether a machine without a node is asked for
     */
    public ClusterConfig existingOrNew(boolean serverOnly) {
        DataDir directory = directory();
        Optional<ClusterConfig> stored = ClusterConfig.read(directory.clusterFile());
        ClusterConfig config = stored.isPresent() ? changed(stored.get(), directory, serverOnly) : fresh(serverOnly);
        if (!config.problems().isEmpty()) {
            throw new CliException(String.join("; ", config.problems()));
        }
        return config;
    }

    private ClusterConfig changed(ClusterConfig stored, DataDir directory, boolean serverOnly) {
        if (serverOnly && !stored.serverOnly()) {
            throw new CliException("%s was set up with a node: leave --server-only out, or use another --data-dir"
                    .formatted(directory.root()));
        }
        checkSame("--cluster", cluster, stored.cluster(), directory);
        checkSame("--node-name", nodeName, stored.nodeName(), directory);
        return new ClusterConfig(
                stored.cluster(),
                stored.nodeName(),
                httpsPort == 0 ? stored.httpsPort() : httpsPort,
                stored.nodeIp(),
                stored.podCidr(),
                stored.serviceCidr(),
                databaseUrl.isEmpty() ? stored.databaseUrl() : databaseUrl,
                stored.serverOnly());
    }

    private ClusterConfig fresh(boolean serverOnly) {
        String name = cluster.isEmpty() ? "keelson" : cluster;
        HostNetwork.Ranges ranges = HostNetwork.freeRanges(name);
        return new ClusterConfig(
                name,
                nodeName.isEmpty() ? HostNetwork.hostName() : nodeName,
                httpsPort == 0 ? 6443 : httpsPort,
                HostNetwork.primaryAddress(),
                ranges.pods(),
                ranges.services(),
                databaseUrl,
                serverOnly);
    }

    private static void checkSame(String flag, String given, String stored, DataDir directory) {
        if (!given.isEmpty() && !given.equals(stored)) {
            throw new CliException("%s holds %s \"%s\", not \"%s\": leave the flag out, or use another --data-dir"
                    .formatted(directory.root(), flag, stored, given));
        }
    }
}
