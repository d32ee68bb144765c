package dev.keelson.cli.cluster;

import java.nio.file.Path;

/** Where everything of one cluster on this machine lives; nothing is kept outside. */
public record DataDir(Path root) {

    public DataDir {
        root = root.toAbsolutePath().normalize();
    }

    public Path clusterFile() {
        return root.resolve("cluster.json");
    }

    public Path kubeconfig() {
        return root.resolve("kubeconfig");
    }

    public Path pki() {
        return root.resolve("pki");
    }

    public Path run() {
        return root.resolve("run");
    }

    /** Where the agent's libraries unpack what they load, so that an agent that is killed leaves nothing in {@code /tmp}. */
    public Path agentTemporary() {
        return run().resolve("agent-tmp");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path log(String role) {
        return logs().resolve(role + ".log");
    }
}
