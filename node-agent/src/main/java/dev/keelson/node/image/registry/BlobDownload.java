package dev.keelson.node.image.registry;

import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.content.BlobWriter;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Downloads one blob. A connection that breaks is taken up where it broke (RFC 9110 range requests) as long as every
 * attempt brings something; what came is kept for the next pull.
 */
final class BlobDownload {
    private static final int CHUNK = 256 * 1024;
    private static final long REPORT_EVERY = 1 << 20;

    private final RepositoryRequests requests;
    private final ContentStore content;
    private final Consumer<PullProgress> progress;

    BlobDownload(RepositoryRequests requests, ContentStore content, Consumer<PullProgress> progress) {
        this.requests = requests;
        this.content = content;
        this.progress = progress;
    }

    void run(Descriptor blob, String what) {
        try (BlobWriter writer = content.resume(blob.digest())) {
            if (writer.written() > blob.size()) {
                writer.restart();
            }
            Attempts attempts = new Attempts(writer.written());
            while (writer.written() < blob.size()) {
                attempt(blob, writer, what, attempts);
            }
            writer.commit(blob.digest(), blob.size(), what);
        } catch (DownloadBroken e) {
            throw requests.unavailable(e.network);
        } catch (IOException e) {
            throw ImageErrors.local("store " + what, e);
        }
    }

    /** One request. Fails when it and the one before it brought nothing new. */
    private void attempt(Descriptor blob, BlobWriter writer, String what, Attempts attempts) throws IOException {
        long before = writer.written();
        try (Answer answer = request(blob, before)) {
            if (answer.status() != 206 && before > 0) {
                // This server cannot continue, or not from here.
                writer.restart();
            }
            if (answer.status() != 416) {
                copy(answer, blob, writer, what);
            }
            attempts.count(
                    writer.written(),
                    new DownloadBroken(new IOException(
                            "%s ended after %d of %d bytes".formatted(what, writer.written(), blob.size()))));
        } catch (DownloadBroken broken) {
            attempts.count(writer.written(), broken);
        }
    }

    private static final class Attempts {
        private long furthest;
        private int fruitless;

        private Attempts(long furthest) {
            this.furthest = furthest;
        }

        private void count(long reached, DownloadBroken failure) throws DownloadBroken {
            fruitless = reached > furthest ? 0 : fruitless + 1;
            furthest = Math.max(furthest, reached);
            if (fruitless > 1) {
                throw failure;
            }
        }
    }

    private Answer request(Descriptor blob, long from) throws DownloadBroken {
        Map<String, String> headers = from > 0 ? Map.of("Range", "bytes=" + from + "-") : Map.of();
        try {
            Answer answer = requests.get(Capability.PULL, "/blobs/" + blob.digest(), headers);
            boolean otherRange =
                    answer.status() == 206 && !answer.header("Content-Range").startsWith("bytes " + from + "-");
            if (otherRange) {
                answer.close();
                throw new IOException("it answered another range of bytes than was asked for");
            }
            return answer;
        } catch (IOException e) {
            throw new DownloadBroken(e);
        }
    }

    private void copy(Answer answer, Descriptor blob, BlobWriter writer, String what) throws IOException {
        byte[] buffer = new byte[CHUNK];
        long nextReport = writer.written();
        for (int count = read(answer, buffer); count >= 0; count = read(answer, buffer)) {
            if (count > blob.size() - writer.written()) {
                throw ImageErrors.corrupt(
                        "%s is longer than the %d bytes that its manifest says".formatted(what, blob.size()));
            }
            writer.write(buffer, 0, count);
            if (writer.written() >= nextReport) {
                progress.accept(new PullProgress(blob.digest().toString(), writer.written(), blob.size()));
                nextReport = writer.written() + REPORT_EVERY;
            }
        }
    }

    private static int read(Answer answer, byte[] buffer) throws DownloadBroken {
        try {
            return answer.body().read(buffer);
        } catch (IOException e) {
            throw new DownloadBroken(e);
        }
    }

    /** The network's failure, told apart from the disk's. */
    private static final class DownloadBroken extends IOException {
        private final IOException network;

        private DownloadBroken(IOException network) {
            super(network);
            this.network = network;
        }
    }
}
