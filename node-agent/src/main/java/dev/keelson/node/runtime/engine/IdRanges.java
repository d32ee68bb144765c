package dev.keelson.node.runtime.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Gives every pod of this machine its own range of 65536 user and group ids. A claim is a file named after the range
 * that holds the sandbox's directory; one whose directory is gone is free again, so a crash costs nothing. Ranges lie
 * where systemd's conventions put those of containers (524288 to 1879048191).
 */
final class IdRanges {
    private static final int FIRST = 8;
    private static final int COUNT = 28_664;

    private final Path claims;

    IdRanges(Path claims) {
        this.claims = claims;
    }

    /** Claims a range for a sandbox; the same sandbox gets the same one while its claim stands. */
    synchronized int claim(Path sandbox) {
        try {
            if (!Files.isDirectory(claims)) {
                Files.createDirectories(claims);
            }
            try (FileChannel lock = FileChannel.open(
                            claims.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = lock.lock()) {
                assert held.isValid();
                int start = Math.floorMod(sandbox.toString().hashCode(), COUNT);
                for (int i = 0; i < COUNT; i++) {
                    int range = FIRST + (start + i) % COUNT;
                    if (take(range, sandbox)) {
                        return range * SandboxRecord.ID_RANGE;
                    }
                }
            }
        } catch (IOException e) {
            throw Failures.internal("cannot claim an id range in " + claims, e);
        }
        throw Failures.transientFailure("all " + COUNT + " id ranges of this machine are in use");
    }

    private boolean take(int range, Path sandbox) throws IOException {
        Path claim = claims.resolve(Integer.toString(range));
        String owner = owner(claim);
        if (!owner.isEmpty() && !owner.equals(sandbox.toString()) && Files.exists(Path.of(owner))) {
            return false;
        }
        Files.writeString(claim, sandbox.toString());
        return true;
    }

    private static String owner(Path claim) throws IOException {
        try {
            return Files.exists(claim) ? Files.readString(claim) : "";
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Repeats the claim of a sandbox that is still there after the claims were lost. */
    synchronized void keep(int rootUid, Path sandbox) {
        try {
            Files.createDirectories(claims);
            take(rootUid / SandboxRecord.ID_RANGE, sandbox);
        } catch (IOException e) {
            throw Failures.internal("cannot keep the id range of " + sandbox, e);
        }
    }

    synchronized void release(int rootUid, Path sandbox) {
        Path claim = claims.resolve(Integer.toString(rootUid / SandboxRecord.ID_RANGE));
        try {
            if (owner(claim).equals(sandbox.toString())) {
                Files.deleteIfExists(claim);
            }
        } catch (IOException e) {
            throw Failures.internal("cannot release the id range of " + sandbox, e);
        }
    }
}
