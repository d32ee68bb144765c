package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import java.util.Optional;

/** Whether this machine's Node is Ready, in the words of whoever says that it is not. */
public final class NodeReadiness {
    private final DataDir directory;
    private final ClusterConfig config;

    public NodeReadiness(DataDir directory, ClusterConfig config) {
        this.directory = directory;
        this.config = config;
    }

    /** What keeps the node from being Ready now; empty when it is. */
    public Optional<String> problem() {
        try (Api api = new Api(directory, config)) {
            return problem(api);
        } catch (CliException unreachable) {
            return Optional.of(unreachable.getMessage());
        }
    }

    public Optional<String> problem(Api api) {
        Optional<JsonNode> node = api.find("/api/v1/nodes/" + config.nodeName());
        if (node.isEmpty()) {
            return Optional.of("the agent has not registered node " + config.nodeName());
        }
        for (JsonNode condition : node.get().path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True")
                        ? Optional.empty()
                        : Optional.of(condition.path("message").asText("no message"));
            }
        }
        return Optional.of("node " + config.nodeName() + " has no Ready condition");
    }
}
