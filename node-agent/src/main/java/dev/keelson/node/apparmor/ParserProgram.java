package dev.keelson.node.apparmor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code apparmor_parser}, which compiles profiles and hands them to the kernel: no other program knows the language. */
final class ParserProgram implements ProfileLoader {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/apparmor_parser"),
            Path.of("/sbin/apparmor_parser"),
            Path.of("/usr/bin/apparmor_parser"));

    @Override
    public void load(String text) throws IOException {
        run(text, "--replace", "--skip-cache");
    }

    /** Runs the program with the text as its input; what it complains of is in the failure. */
    static void run(String text, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var input = process.getOutputStream()) {
            input.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("%s says: %s".formatted(command.getFirst(), answer.strip()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a profile was loaded", interrupted);
        }
    }

    private static Path program() throws IOException {
        return PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("this node has no apparmor_parser; install the package apparmor"));
    }
}
