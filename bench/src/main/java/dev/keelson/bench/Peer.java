package dev.keelson.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A container tool on this machine that the same image is run with. */
record Peer(String name, String image) {
    private static final String LABEL = "keelson-bench";

    /** Tools that answer and have the image; the others are named, so that a missing ratio has its reason. */
    static List<Peer> installed(String image) {
        List<Peer> found = new ArrayList<>();
        for (String tool : List.of("docker", "podman")) {
            Peer peer = new Peer(tool, image);
            if (peer.exitCode("image", "inspect", image) == 0 && peer.start() == 0) {
                found.add(peer);
            } else {
                System.out.println(tool + ": not measured (not installed, cannot run here, or without " + image + ")");
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
        return exitCode("run", "-d", "--rm", "--label", LABEL, "--pull", "never", image);
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
