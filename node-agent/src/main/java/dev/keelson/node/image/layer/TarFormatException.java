package dev.keelson.node.image.layer;

import java.io.IOException;

/** The bytes are not the tar archive that they should be. */
public final class TarFormatException extends IOException {
    public TarFormatException(String message) {
        super(message);
    }
}
