package dev.keelson.node.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the engine needs to run one container; image and pod spec are already merged.
 *
 * @param podUid the sandbox to run in
 * @param name the container's name in the pod's spec
 * @param attempt 0 for the first run, counted up by each restart
 * @param image the reference in the pod's spec
 * @param imageId digest of the image configuration, {@code sha256:…}
 * @param layers directories of the unpacked layers, lowest first
 * @param args program and arguments; never empty
 * @param env {@code NAME=value}
 * @param workingDir created when missing; empty means {@code /}
 * @param user {@code user[:group]} by name or number, resolved in the container's own passwd; empty means root
 * @param logFile CRI log file that the container's output is written to
 * @param stopSignal name such as {@code SIGTERM}
 * @param processesOf id of a running container of the pod whose process namespace this one joins
 */
public record ContainerConfig(
        String podUid,
        String name,
        int attempt,
        String image,
        String imageId,
        List<Path> layers,
        List<String> args,
        List<String> env,
        String workingDir,
        String user,
        List<Integer> supplementalGroups,
        List<Mount> mounts,
        Path logFile,
        Stdio stdio,
        String stopSignal,
        Security security,
        Resources resources,
        Optional<String> processesOf) {

    /**
     * How the main process is connected; without a terminal its output goes through two pipes.
     *
     * @param stdin its input stays open for clients to write to; closed from the start when false
     * @param once the first client that leaves takes the input with it; without effect with a terminal
     */
    public record Stdio(boolean stdin, boolean once, boolean tty) {
        public static final Stdio NONE = new Stdio(false, false, false);
    }

    /**
     * Something of the host that appears in the container.
     *
     * @param destination absolute path in the container, created when missing, never resolved outside its root
     * @param idmapped shift ownership so that host root appears as root inside the pod
     */
    public record Mount(Source source, String destination, Access access, Propagation propagation, boolean idmapped) {

        /** A private mount of a directory or file on the host, read-only with all that is mounted below it. */
        public Mount(Path source, String destination, boolean readOnly, boolean idmapped) {
            this(
                    new HostPath(source, ""),
                    destination,
                    readOnly ? Access.READ_ONLY_WITH_ALL_BELOW : Access.READ_WRITE,
                    Propagation.PRIVATE,
                    idmapped);
        }
    }

    /** What a mount shows; {@code subPath} names what is shown of it and can never lead out of it, empty for all. */
    public sealed interface Source {
        String subPath();
    }

    /** A directory or file on the host. */
    public record HostPath(Path path, String subPath) implements Source {}

    /** The files of an image, which are never written to or executed. */
    public record ImageLayers(List<Path> layers, String subPath) implements Source {
        public ImageLayers {
            layers = List.copyOf(layers);
        }
    }

    /** What may be done to a mount. */
    public enum Access {
        READ_WRITE,
        /** What is mounted below it may be written to. */
        READ_ONLY,
        READ_ONLY_WITH_ALL_BELOW
    }

    /** Whether mounts that are made later below a mount are passed on (Kubernetes: {@code mountPropagation}). */
    public enum Propagation {
        PRIVATE,
        FROM_HOST,
        BOTH_WAYS
    }

    /**
     * @param capabilities what the process keeps, names such as {@code CAP_NET_BIND_SERVICE}; empty optional means the
     *     engine's default set (Docker's)
     * @param unmaskedProc show all of {@code /proc}; only for pods with users of their own
     * @param strictGroups the image's own accounts add no groups
     * @param appArmor name of a loaded profile that its processes run under, commands that are run in it too
     */
    public record Security(
            boolean privileged,
            boolean allowPrivilegeEscalation,
            boolean readOnlyRootFilesystem,
            Seccomp seccomp,
            Optional<List<String>> capabilities,
            boolean unmaskedProc,
            boolean strictGroups,
            Optional<String> appArmor) {
        public static final Security DEFAULT = new Security(
                false, true, false, new Seccomp.Default(), Optional.empty(), false, false, Optional.empty());
    }

    /** Which system calls a container may make. */
    public sealed interface Seccomp {

        /** What Docker's default profile allows. */
        record Default() implements Seccomp {}

        record Unconfined() implements Seccomp {}

        /** @param json a profile of the OCI runtime specification */
        record Profile(String name, byte[] json) implements Seccomp {}
    }

    public ContainerConfig {
        layers = List.copyOf(layers);
        args = List.copyOf(args);
        env = List.copyOf(env);
        supplementalGroups = List.copyOf(supplementalGroups);
        mounts = List.copyOf(mounts);
        if (args.isEmpty()) {
            throw new IllegalArgumentException("container " + name + " has no program to run");
        }
    }
}
