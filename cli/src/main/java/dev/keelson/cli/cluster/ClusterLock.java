package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held while a command starts or stops a cluster, so that two never do it at once. The kernel frees it on any exit. */
public final class ClusterLock implements AutoCloseable {
    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    public static ClusterLock take(DataDir directory) {
        Path file = directory.root().resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new CliException("%s is locked: another keelson up or down works on it; wait for it to end"
                        .formatted(directory.root()));
            }
            return new ClusterLock(channel);
        } catch (IOException e) {
            throw new CliException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CliException("cannot unlock: " + e.getMessage(), e);
        }
    }
}
