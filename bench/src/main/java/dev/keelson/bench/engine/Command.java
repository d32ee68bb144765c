package dev.keelson.bench.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs and waits for them. */
final class Command {
    private Command() {}

    record Result(int code, long nanos, String output) {}

    static boolean installed(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Output goes to a file, so that a child that keeps it open does not hold up the measurement. */
    static Result run(List<String> words) {
        try {
            Path output = Files.createTempFile("keelson-bench", ".out");
            try {
                long start = System.nanoTime();
                int code = new ProcessBuilder(words)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start()
                        .waitFor();
                long took = System.nanoTime() - start;
                return new Result(code, took, Files.readString(output).strip());
            } finally {
                Files.delete(output);
            }
        } catch (IOException notStarted) {
            return new Result(127, 0, notStarted.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(130, 0, "interrupted");
        }
    }

    /** Nanoseconds that it took; a program that fails ends the benchmark. */
    static long timed(List<String> words) {
        Result result = run(words);
        if (result.code != 0) {
            throw new IllegalStateException(String.join(" ", words) + " failed: " + result.output);
        }
        return result.nanos;
    }

    /** As {@link #run}, with bytes on its standard input. */
    static Result feed(List<String> words, byte[] input) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().write(input);
            process.getOutputStream().close();
            try (InputStream output = process.getInputStream()) {
                String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                return new Result(process.waitFor(), 0, text.strip());
            }
        } catch (IOException refused) {
            return new Result(127, 0, refused.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(130, 0, "interrupted");
        }
    }

    static List<String> words(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }
}
