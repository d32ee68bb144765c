package dev.keelson.node.volume;

import dev.keelson.node.log.LogOptions;
import dev.keelson.node.log.LogReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads termination messages (Kubernetes: "Determine the Reason for Pod Failure"): 4096 bytes, or 80 lines of log. */
final class TerminationText {
    private static final int LONGEST = 4096;
    private static final int LONGEST_FROM_LOG = 2048;
    private static final int LINES_FROM_LOG = 80;

    private TerminationText() {}

    /** @param fallback log to read the end of when the file is empty */
    static String read(Path file, Optional<Path> fallback) {
        try {
            String text = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? head(file) : "";
            return text.isEmpty() && fallback.isPresent() ? tail(fallback.get()) : text;
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
        }
    }

    private static String tail(Path log) throws IOException {
        LogOptions last = new LogOptions(
                false, OptionalLong.of(LINES_FROM_LOG), Optional.empty(), false, OptionalLong.empty(), "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogReader.read(log, last, out, () -> false);
        String text = out.toString(StandardCharsets.UTF_8);
        return text.length() > LONGEST_FROM_LOG ? text.substring(text.length() - LONGEST_FROM_LOG) : text;
    }
}
