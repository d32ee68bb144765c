package dev.keelson.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void setUp() {
        log = directory.resolve("0.log");
    }

    @Test
    void textComesWithoutTimesUnlessAsked() throws IOException {
        write("2026-01-01T00:00:00.000000001Z stdout F one", "2026-01-01T00:00:01.000000001Z stderr F two");
        assertThat(read(LogOptions.ALL)).isEqualTo("one\ntwo\n");
        assertThat(read(with(OptionalLong.empty(), Optional.empty(), true, OptionalLong.empty())))
                .isEqualTo("2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:01.000000001Z two\n");
    }

    @Test
    void partialRecordsAreOneLineWithOneTime() throws IOException {
        write("2026-01-01T00:00:00Z stdout P hel", "2026-01-01T00:00:01Z stdout F lo");
        assertThat(read(with(OptionalLong.empty(), Optional.empty(), true, OptionalLong.empty())))
                .isEqualTo("2026-01-01T00:00:00Z hello\n");
    }

    @Test
    void tailReachesBackOverRotatedFiles() throws IOException {
        lines(0, 3);
        rotate();
        lines(3, 5);
        rotate();
        lines(5, 6);
        for (int tail = 0; tail <= 8; tail++) {
            List<String> expected = new ArrayList<>();
            for (int line = Math.max(0, 6 - tail); line < 6; line++) {
                expected.add("line " + line);
            }
            assertThat(read(tail(tail)).lines()).as("tail " + tail).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void tailWorksOnFilesLargerThanABlock() throws IOException {
        lines(0, 20_000);
        assertThat(read(tail(15_000)).lines()).hasSize(15_000).first().isEqualTo("line 5000");
    }

    @Test
    void sinceAndLimitLeaveOut() throws IOException {
        write("2026-01-01T00:00:00Z stdout F old", "2026-01-01T00:00:05Z stdout F new");
        Optional<Instant> since = Optional.of(Instant.parse("2026-01-01T00:00:05Z"));
        assertThat(read(with(OptionalLong.empty(), since, false, OptionalLong.empty())))
                .isEqualTo("new\n");
        assertThat(read(with(OptionalLong.empty(), Optional.empty(), false, OptionalLong.of(6))))
                .isEqualTo("old\nne");
    }

    @Test
    void tornRecordsAreLeftOut() throws IOException {
        write("garbage", "", "2026-01-01T00:00:05Z stdout F good", "a b");
        assertThat(read(LogOptions.ALL)).isEqualTo("good\n");
    }

    @Test
    void absentLogIsEmpty() throws IOException {
        assertThat(read(LogOptions.ALL)).isEmpty();
    }

    @RepeatedTest(20)
    void followingAcrossRotationsLosesAndDoublesNothing() throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicReference<Exception> failure = new AtomicReference<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogOptions follow =
                new LogOptions(true, OptionalLong.empty(), Optional.empty(), false, OptionalLong.empty(), "");
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                LogReader.read(log, follow, out, running::get);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        Random random = new Random(7);
        int next = 0;
        for (int round = 0; round < 60; round++) {
            int count = 1 + random.nextInt(40);
            lines(next, next + count);
            next += count;
            if (random.nextInt(3) == 0) {
                rotate();
            }
            Thread.onSpinWait();
            waitUntilSeen(out, next - 200);
        }
        running.set(false);
        reader.join();
        assertThat(failure.get()).isNull();
        List<String> seen = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(seen).hasSize(next);
        for (int line = 0; line < next; line++) {
            assertThat(seen.get(line)).isEqualTo("line " + line);
        }
    }

    /** The writer keeps only so many old files; a reader that falls behind by more cannot see what is gone. */
    private static void waitUntilSeen(ByteArrayOutputStream out, int lines) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (out.toString(StandardCharsets.UTF_8).lines().count() < lines && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private void lines(int from, int to) throws IOException {
        String[] records = new String[to - from];
        for (int line = from; line < to; line++) {
            records[line - from] = "2026-01-01T00:00:00.000000000Z stdout F line " + line;
        }
        write(records);
    }

    private void write(String... records) throws IOException {
        Files.writeString(log, String.join("\n", records) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** As the supervisor does it. */
    private void rotate() throws IOException {
        for (int index = 20; index >= 1; index--) {
            Path from = index == 1 ? log : log.resolveSibling("0.log." + (index - 1));
            if (Files.exists(from)) {
                Files.move(from, log.resolveSibling("0.log." + index), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.createFile(log);
    }

    private String read(LogOptions options) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogReader.read(log, options, out, () -> false);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static LogOptions tail(long lines) {
        return with(OptionalLong.of(lines), Optional.empty(), false, OptionalLong.empty());
    }

    private static LogOptions with(OptionalLong tail, Optional<Instant> since, boolean timestamps, OptionalLong limit) {
        return new LogOptions(false, tail, since, timestamps, limit, "");
    }
}
