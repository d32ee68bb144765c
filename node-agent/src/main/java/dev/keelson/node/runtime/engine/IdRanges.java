package dev.keelson.node.runtime.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Gives every pod of this machine its own range of 65536 user and group ids. A claim is a symbolic link named after the
 * range that leads to the sandbox's directory: it comes into being in one step. One whose directory is gone is free
 * again, so a crash costs nothing. Ranges lie where systemd's conventions put those of containers (524288 to
 * 1879048191).
 */
final class IdRanges {
    private static final int FIRST = 8;
    private static final int COUNT = 28_664;

    private final Path claims;

    IdRanges(Path claims) {
        this.claims = claims;
    }

    /** The name under which a sandbox is prepared; its claims count from then on. */
    static Path unfinished(Path sandbox) {
        return sandbox.resolveSibling("." + sandbox.getFileName());
    }

    /** Claims a range for a sandbox; the same sandbox gets the same one while its claim stands. */
    int claim(Path sandbox) {
        try {
            int wanted = range(sandbox, 0);
            return SandboxRecord.ID_RANGE * (create(claim(wanted), sandbox) ? wanted : search(sandbox));
        } catch (IOException e) {
            throw Failures.internal("cannot claim an id range in " + claims, e);
        }
    }

    private Path claim(int range) {
        return claims.resolve(Integer.toString(range));
    }

    /** Where a sandbox looks first, second and so on. */
    private static int range(Path sandbox, int attempt) {
        return FIRST + (Math.floorMod(sandbox.toString().hashCode(), COUNT) + attempt) % COUNT;
    }

    /** Of two that do this at once one is told that it was the first. */
    private static boolean create(Path claim, Path sandbox) throws IOException {
        try {
            Files.createSymbolicLink(claim, sandbox);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            return false;
        }
    }

    private int search(Path sandbox) throws IOException {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int range = range(sandbox, attempt);
            if (take(claim(range), sandbox)) {
                return range;
            }
        }
        throw Failures.transientFailure("all " + COUNT + " id ranges of this machine are in use");
    }

    /** Under a lock of the machine, because a claim that nobody stands behind is replaced in two steps. */
    private synchronized boolean take(Path claim, Path sandbox) throws IOException {
        Files.createDirectories(claims);
        try (FileChannel lock =
                        FileChannel.open(claims.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            assert held.isValid();
            return create(claim, sandbox) || owner(claim).equals(sandbox) || replace(claim, sandbox);
        }
    }

    private static boolean replace(Path claim, Path sandbox) throws IOException {
        Path owner = owner(claim);
        if (Files.exists(owner) || Files.exists(unfinished(owner))) {
            return false;
        }
        Files.deleteIfExists(claim);
        return create(claim, sandbox);
    }

    /** Agents before this one wrote the owner into a file. */
    private static Path owner(Path claim) throws IOException {
        return Files.isSymbolicLink(claim) ? Files.readSymbolicLink(claim) : Path.of(Files.readString(claim));
    }

    /** Repeats the claim of a sandbox that is still there after the claims were lost. */
    void keep(int rootUid, Path sandbox) {
        try {
            take(claim(rootUid / SandboxRecord.ID_RANGE), sandbox);
        } catch (IOException e) {
            throw Failures.internal("cannot keep the id range of " + sandbox, e);
        }
    }

    synchronized void release(int rootUid, Path sandbox) {
        Path claim = claim(rootUid / SandboxRecord.ID_RANGE);
        try {
            if (owner(claim).equals(sandbox)) {
                Files.deleteIfExists(claim);
            }
        } catch (NoSuchFileException e) {
            // It is free already.
        } catch (IOException e) {
            throw Failures.internal("cannot release the id range of " + sandbox, e);
        }
    }
}
