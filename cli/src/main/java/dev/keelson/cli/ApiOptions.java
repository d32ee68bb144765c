package dev.keelson.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that speaks to the API server takes. */
final class ApiOptions {
    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "${env:KEELSON_NAMESPACE:-default}",
            description = "Namespace (KEELSON_NAMESPACE; default).")
    String namespace;

    Api connect() {
        return new Api(cluster.directory(), cluster.existing());
    }
}
