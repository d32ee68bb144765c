package dev.keelson.linux.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs a tool such as {@code nft} or {@code ip} inside a namespace, so that tests check with other eyes than ours. */
public final class NamespaceCommand {
    private NamespaceCommand() {}

    public static String run(NetworkNamespace namespace, String... command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
        line.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException("%s ended with %d: %s".formatted(line, exit, output));
            }
            return output;
        } catch (IOException failure) {
            throw new IllegalStateException("cannot run " + line, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + line, interrupted);
        }
    }
}
