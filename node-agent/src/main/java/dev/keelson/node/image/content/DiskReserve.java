package dev.keelson.node.image.content;

import dev.keelson.node.image.ImageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Room on a disk that image content leaves free: the cluster's database may live on the same one.
 *
 * @param directory any directory on the disk
 * @param bytes what stays free
 */
public record DiskReserve(Path directory, long bytes) {
    private static final long LOOK_EVERY = 16 << 20;

    /** A counter for one writer, which looks at the disk now and then rather than at every write. */
    public Meter meter() {
        return new Meter(this);
    }

    /** Fails with {@code TRANSIENT} when less than the reserve is free. */
    public void check() {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < bytes) {
                throw ImageErrors.diskFull(
                        "no room for image content: %s has %d MiB free and %d MiB stay reserved; remove images or enlarge the disk"
                                .formatted(directory, free >> 20, bytes >> 20));
            }
        } catch (IOException e) {
            throw ImageErrors.local("see how much room " + directory + " has", e);
        }
    }

    public static final class Meter {
        private final DiskReserve reserve;
        private long untilLook;

        private Meter(DiskReserve reserve) {
            this.reserve = reserve;
        }

        /** To be told before bytes are written. */
        public void beforeWriting(long count) {
            untilLook -= count;
            if (untilLook <= 0) {
                reserve.check();
                untilLook = LOOK_EVERY;
            }
        }
    }
}
