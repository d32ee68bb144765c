package dev.keelson.cli.command;

import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.DatabaseWait;
import io.quarkus.runtime.Quarkus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The role {@code server}: API server and controllers in this process, until SIGTERM. */
@Command(name = "server", hidden = true, description = "Runs the API server and the controllers.")
public final class ServerCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() {
        ClusterConfig config = options.existing();
        settings(config, options.directory()).forEach(System::setProperty);
        // The database starts at the same time as this process, and after a crash it recovers first.
        DatabaseWait.untilItListens(System.getenv());
        Quarkus.run();
        return 0;
    }

    /** The API server's configuration (its {@code ServerConfig}) for this cluster. */
    private static Map<String, String> settings(ClusterConfig config, DataDir directory) {
        return Map.of(
                "keelson.pki-dir", directory.pki().toString(),
                "keelson.https-port", String.valueOf(config.httpsPort()),
                "keelson.advertise-address", config.nodeIp(),
                "keelson.service-cidr", config.serviceCidr(),
                "keelson.cluster-domain", ClusterConfig.DOMAIN,
                "keelson.pod-cidr", config.podCidr());
    }
}
