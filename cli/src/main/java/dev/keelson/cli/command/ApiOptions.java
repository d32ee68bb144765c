package dev.keelson.cli.command;

import dev.keelson.cli.client.Api;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that speaks to the API server takes. */
public final class ApiOptions {
    @Mixin
    public ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "${env:KEELSON_NAMESPACE:-default}",
            description = "Namespace (KEELSON_NAMESPACE; default).")
    public String namespace;

    public Api connect() {
        return new Api(cluster.directory(), cluster.existing());
    }
}
