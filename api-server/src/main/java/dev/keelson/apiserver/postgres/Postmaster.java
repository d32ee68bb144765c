package dev.keelson.apiserver.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A running server as its {@code postmaster.pid} tells it (lines: pid, data directory, start time, port, socket,
 * address, shared memory, status).
 *
 * @param ready whether it accepts connections
 */
record Postmaster(long pid, int port, boolean ready) {

    /** The server that runs on the data directory, whoever started it; a file left by a dead one does not count. */
    static Optional<Postmaster> of(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            if (lines.size() < 4) {
                return Optional.empty();
            }
            long pid = Long.parseLong(lines.get(0).strip());
            boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
            return worksIn(pid, data)
                    ? Optional.of(
                            new Postmaster(pid, Integer.parseInt(lines.get(3).strip()), ready))
                    : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (NumberFormatException | IOException e) {
            throw new PostgresException("cannot read postmaster.pid in %s: %s".formatted(data, e.getMessage()), e);
        }
    }

    /** The number may have been given to another process since: the server is the one that works in its directory. */
    private static boolean worksIn(long pid, Path data) {
        try {
            return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), data);
        } catch (IOException gone) {
            return false;
        }
    }
}
