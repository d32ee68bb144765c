package dev.keelson.node;

/** The parts of an agent over the real kernel and the cluster's API server. */
final class KernelParts {
    private KernelParts() {}

    static AgentParts of(AgentConfig config) {
        throw new NodeException(NodeException.Kind.INTERNAL, "NotWired", "no engine for " + config.nodeName());
    }
}
