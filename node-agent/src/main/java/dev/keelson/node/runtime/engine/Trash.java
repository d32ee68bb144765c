package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Cgroups;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes away what nobody refers to any more, off everybody's path. A directory is first moved aside, in one step, so
 * that after a crash there is either all of it or nothing to be seen; what lies here at start is deleted.
 */
final class Trash implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Trash.class.getName());
    private static final int CGROUP_ATTEMPTS = 200;
    private static final long CGROUP_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int DRAIN_SECONDS = 60;

    private final Path directory;
    private final Cgroups cgroups;
    private final Set<String> doomed = new HashSet<>();
    private final ExecutorService worker;

    Trash(Path directory, Cgroups cgroups) throws IOException {
        this.directory = directory;
        this.cgroups = cgroups;
        Files.createDirectories(directory);
        worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("keelson-trash").daemon(true).factory());
        worker.execute(this::empty);
    }

    /** Moves the directory out of sight; it is deleted later. */
    void discard(Path unwanted) {
        Path aside = directory.resolve(UUID.randomUUID().toString());
        try {
            Files.move(unwanted, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failures.internal("cannot remove " + unwanted, e);
        }
        worker.execute(() -> delete(aside));
    }

    /** Removes a group once its last process, which has been killed, is really gone. */
    void discardGroup(String group) {
        synchronized (doomed) {
            doomed.add(group);
        }
        worker.execute(() -> {
            for (int attempt = 0; attempt < CGROUP_ATTEMPTS; attempt++) {
                if (removed(group)) {
                    return;
                }
                LockSupport.parkNanos(CGROUP_PAUSE_NANOS);
            }
            LOG.log(System.Logger.Level.WARNING, "cgroup stays group={0} reason=\"processes do not die\"", group);
        });
    }

    private boolean removed(String group) {
        synchronized (doomed) {
            if (!doomed.contains(group)) {
                return true;
            }
            boolean gone = cgroups.remove(group);
            if (gone) {
                doomed.remove(group);
            } else {
                cgroups.kill(group);
            }
            return gone;
        }
    }

    /** The group is about to be made again: it must not be taken away then, nor keep the old one's counters. */
    void spareGroup(String group) {
        synchronized (doomed) {
            if (doomed.remove(group)) {
                cgroups.remove(group);
            }
        }
    }

    private void empty() {
        try (var left = Files.list(directory)) {
            left.forEach(this::delete);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "trash not emptied directory={0} reason={1}", directory, e);
        }
    }

    private void delete(Path tree) {
        try {
            Files.walkFileTree(tree, new Deleter());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "not deleted directory={0} reason={1}", tree, e);
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
        }
    }

    /** Finishes what is under way. */
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "trash not emptied directory={0} reason=\"too much\"", directory);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
