package dev.keelson.apiserver.http.reply;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/** What an answer says: bytes that are there, or bytes that are made while the client takes them. */
public sealed interface Body {

    /** Writes a body; the stream may wait for the client, so only for virtual threads. */
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Changes bytes on their way out, as {@code GZIPOutputStream::new} does. */
    interface Filter {
        OutputStream over(OutputStream out) throws IOException;
    }

    /** The same body, changed. */
    Body through(Filter filter);

    /** All of it in memory. */
    byte[] bytes();

    record Whole(byte[] bytes) implements Body {
        @Override
        public Body through(Filter filter) {
            Source all = out -> out.write(bytes);
            return new Whole(new Written(OptionalLong.of(bytes.length), all)
                    .changed(filter)
                    .bytes());
        }
    }

    /**
     * A body too large to be held for each client that asks.
     *
     * @param size in bytes, when it is known beforehand
     */
    record Written(OptionalLong size, Source source) implements Body {
        @Override
        public Body through(Filter filter) {
            return changed(filter);
        }

        private Written changed(Filter filter) {
            return new Written(OptionalLong.empty(), out -> {
                try (OutputStream filtered = filter.over(out)) {
                    source.writeTo(filtered);
                }
            });
        }

        @Override
        public byte[] bytes() {
            ByteArrayOutputStream out = new ByteArrayOutputStream((int) size.orElse(1024));
            try {
                source.writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
            return out.toByteArray();
        }
    }
}
