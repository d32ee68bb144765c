package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The logs of Keelson's own processes, as {@code keelson logs} without a pod prints them. */
public final class LogsOfRoles {
    public static final List<String> ROLES = List.of("server", "agent", "postgres", "supervisor");
    private static final int CHUNK = 64 * 1024;

    private LogsOfRoles() {}

    /** The last lines of a role's log; empty when it has none yet. */
    public static List<String> tail(Path log, int lines) {
        try {
            if (!Files.exists(log)) {
                return List.of();
            }
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                long from = Math.max(0, file.length() - (long) CHUNK * Math.max(1, lines / 200));
                byte[] end = new byte[(int) (file.length() - from)];
                file.seek(from);
                file.readFully(end);
                List<String> all = new String(end, java.nio.charset.StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                return all.subList(Math.max(0, all.size() - lines), all.size());
            }
        } catch (IOException e) {
            throw new CliException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }

    /** Prints what is appended to the log until the thread is interrupted; goes on when the log is cut. */
    public static void follow(Path log, PrintStream out) {
        long position = log.toFile().length();
        byte[] chunk = new byte[CHUNK];
        try {
            while (true) {
                long length = log.toFile().length();
                if (length < position) {
                    position = 0;
                }
                if (length == position) {
                    Thread.sleep(200);
                    continue;
                }
                try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                    file.seek(position);
                    int n = file.read(chunk);
                    out.write(chunk, 0, Math.max(0, n));
                    out.flush();
                    position += Math.max(0, n);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new CliException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }
}
