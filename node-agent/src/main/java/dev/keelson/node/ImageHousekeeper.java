package dev.keelson.node;

import dev.keelson.node.image.ImageService;
import dev.keelson.node.image.ImageService.Collected;
import dev.keelson.node.status.EventRecorder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Has images that nobody uses removed when the disk fills up, and says so when that is not enough. */
final class ImageHousekeeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ImageHousekeeper.class.getName());
    private static final Duration EVERY = Duration.ofMinutes(5);

    private final ImageService images;
    private final EventRecorder events;
    private final Thread thread;

    ImageHousekeeper(ImageService images, EventRecorder events) {
        this.images = images;
        this.events = events;
        this.thread = Thread.ofVirtual().name("image-housekeeper").start(this::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(EVERY);
                tidy();
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException failure) {
                LOG.log(Level.WARNING, "images not tidied", failure);
            }
        }
    }

    private void tidy() {
        Collected collected = images.collectGarbage();
        if (!collected.removed().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "removed unused images to free the disk images={0}",
                    collected.removed().stream()
                            .map(image -> image.references().isEmpty()
                                    ? image.id()
                                    : image.references().getFirst())
                            .toList());
        }
        if (!collected.isEnough()) {
            events.node(
                    "Warning",
                    "FreeDiskSpaceFailed",
                    "Failed to garbage collect required amount of images. Wanted %d bytes available, but there are %d; remove what else is on the disk, or enlarge it"
                            .formatted(collected.wantedBytes(), collected.availableBytes()));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
