package dev.keelson.node.image.layer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Removes directory trees that strangers shaped. Nested directories are first moved up beside each other, so that a
 * tree deeper than any path can name, or than the stack, goes away like every other. Links are removed, not followed.
 */
final class TreeRemover {
    private TreeRemover() {}

    /** Removes the directory and everything in it; nothing happens when it is not there. */
    static void remove(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(directory);
            return;
        }
        Deque<Path> waiting = new ArrayDeque<>();
        empty(directory, directory, waiting);
        while (!waiting.isEmpty()) {
            Path next = waiting.pop();
            empty(next, directory, waiting);
            Files.delete(next);
        }
        Files.delete(directory);
    }

    private static void empty(Path directory, Path top, Deque<Path> waiting) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(child);
                } else {
                    waiting.push(directory.equals(top) ? child : moveUp(child, top));
                }
            }
        }
    }

    private static Path moveUp(Path directory, Path top) throws IOException {
        Path target = top.resolve("removed-" + java.util.UUID.randomUUID());
        return Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
