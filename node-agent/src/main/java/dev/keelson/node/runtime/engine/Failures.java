package dev.keelson.node.runtime.engine;

import dev.keelson.node.NodeException;
import dev.keelson.node.NodeException.Kind;

/** The engine's refusals, so that the same situation has the same kind and reason everywhere. */
final class Failures {
    private Failures() {}

    static NodeException noContainer(String id) {
        return new NodeException(Kind.NOT_FOUND, "ContainerNotFound", "no container " + id);
    }

    static NodeException noSandbox(String podUid) {
        return new NodeException(
                Kind.NOT_FOUND, "SandboxNotFound", "no sandbox " + podUid + "; run it before its containers");
    }

    static NodeException notReady(String podUid) {
        return new NodeException(Kind.CONFLICT, "SandboxNotReady", "sandbox " + podUid + " is stopped");
    }

    static NodeException notRunning(String name) {
        return new NodeException(Kind.CONFLICT, "ContainerNotRunning", "container " + name + " is not running");
    }

    static NodeException stillRunning(String name) {
        return new NodeException(
                Kind.CONFLICT, "ContainerRunning", "container " + name + " runs; stop it before it is removed");
    }

    static NodeException invalid(String message) {
        return new NodeException(Kind.INVALID, "InvalidContainerConfig", message);
    }

    static NodeException internal(String message, Throwable cause) {
        return new NodeException(Kind.INTERNAL, "RuntimeError", message + ": " + cause.getMessage(), cause);
    }

    static NodeException transientFailure(String message) {
        return new NodeException(Kind.TRANSIENT, "RuntimeError", message);
    }
}
