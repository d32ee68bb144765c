package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import dev.keelson.node.NodeException.Kind;
import java.io.IOException;

/** The node agent's exception in the words of images: one factory per reason that a waiting container can show. */
public final class ImageErrors {
    private ImageErrors() {}

    /** The content itself is wrong and will be wrong again. */
    public static NodeException corrupt(String message) {
        return new NodeException(Kind.INVALID, "ErrImagePull", message);
    }

    public static NodeException corrupt(String message, Throwable cause) {
        return new NodeException(Kind.INVALID, "ErrImagePull", message, cause);
    }

    public static NodeException invalidName(String message) {
        return new NodeException(Kind.INVALID, "InvalidImageName", message);
    }

    public static NodeException notFound(String message) {
        return new NodeException(Kind.NOT_FOUND, "ErrImagePull", message);
    }

    public static NodeException refused(String message) {
        return new NodeException(Kind.INVALID, "ErrImagePull", message);
    }

    public static NodeException unavailable(String message, Throwable cause) {
        return new NodeException(Kind.TRANSIENT, "RegistryUnavailable", message, cause);
    }

    public static NodeException unavailable(String message) {
        return new NodeException(Kind.TRANSIENT, "RegistryUnavailable", message);
    }

    /** Room may come back, so this is worth another try. */
    public static NodeException diskFull(String message) {
        return new NodeException(Kind.TRANSIENT, "ErrImagePull", message);
    }

    /** A file operation failed on this node; a full disk is told apart from everything else. */
    public static NodeException local(String doing, IOException cause) {
        if (isNoSpace(cause)) {
            return new NodeException(
                    Kind.TRANSIENT,
                    "ErrImagePull",
                    "cannot " + doing + ": the disk is full; remove images or enlarge the disk of the data directory",
                    cause);
        }
        return new NodeException(Kind.INTERNAL, "ErrImagePull", "cannot " + doing + ": " + cause.getMessage(), cause);
    }

    private static boolean isNoSpace(IOException cause) {
        if (cause instanceof dev.keelson.linux.FileTree.Failure failure) {
            return failure.isNoSpace();
        }
        // The JDK has no type for it, only the C library's words.
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }
}
