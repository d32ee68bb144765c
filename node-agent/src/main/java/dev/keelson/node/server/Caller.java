package dev.keelson.node.server;

import java.util.List;

/** Who calls, as the cluster knows him. */
public record Caller(String user, List<String> groups) {
    public Caller {
        groups = List.copyOf(groups);
    }
}
