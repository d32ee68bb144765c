package dev.keelson.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A container tool on this machine that the same image is run with. */
record Peer(String name, List<String> flags, String image) {
    private static final String LABEL = "keelson-bench";

    /** Podman's default limits lie above what a machine may allow, and its default runtime may refuse hybrid cgroups. */
    private static final List<String> LIMITS = List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024");

    private static final List<Peer> CANDIDATES = List.of(
            new Peer("docker", List.of(), ""),
            new Peer("podman", LIMITS, ""),
            new Peer(
                    "podman",
                    Stream.concat(LIMITS.stream(), Stream.of("--runtime", "runc"))
                            .toList(),
                    ""));

    /** Tools that answer and have the image; the others are named, so that a missing ratio has its reason. */
    static List<Peer> installed(String image) {
        List<Peer> found = new ArrayList<>();
        for (Peer candidate : CANDIDATES) {
            Peer peer = new Peer(candidate.name, candidate.flags, image);
            boolean known = found.stream().anyMatch(other -> other.name.equals(peer.name));
            if (!known && peer.exitCode("image", "inspect", image) == 0 && peer.start() == 0) {
                found.add(peer);
            } else if (!known) {
                System.out.println(peer.name + " " + String.join(" ", peer.flags)
                        + ": not measured (not installed, cannot run so, or without " + image + ")");
            }
        }
        return found;
    }

    /** Nanoseconds that {@code run -d} takes. */
    long run() {
        long start = System.nanoTime();
        int code = start();
        long took = System.nanoTime() - start;
        if (code != 0) {
            throw new IllegalStateException(name + " run -d exited with " + code);
        }
        return took;
    }

    private int start() {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--rm", "--label", LABEL, "--pull", "never"));
        words.addAll(flags);
        words.add(image);
        return exitCode(words.toArray(String[]::new));
    }

    void cleanUp() {
        try {
            String script = "%1$s ps -aq --filter label=%2$s | xargs -r %1$s rm -f -t 0 >/dev/null 2>&1 || "
                    + "%1$s ps -aq --filter label=%2$s | xargs -r %1$s rm -f >/dev/null";
            new ProcessBuilder("sh", "-c", script.formatted(name, LABEL))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            System.err.println("cannot remove the containers of " + name + ": " + e);
        }
    }

    private int exitCode(String... words) {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(List.of(words));
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException notInstalled) {
            return 127;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }
}
