package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.runtime.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The CRI log format, and that nothing is lost on the way to it. */
class LogsIT extends EngineTest {

    @Test
    void streamsAreTold() {
        sandbox();
        ContainerStatus app = finish(start(script("app", "echo out; echo err >&2")));
        assertThat(logLines(app.logFile()))
                .anyMatch(line -> line.matches("\\S+Z stdout F out"))
                .anyMatch(line -> line.matches("\\S+Z stderr F err"));
    }

    @Test
    void textWithoutNewlineIsPartial() {
        sandbox();
        ContainerStatus app = finish(start(script("app", "printf 'one\\ntwo'")));
        assertThat(logLines(app.logFile()))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .containsExactly("stdout F one", "stdout P two");
    }

    @Test
    void longLinesAreCutIntoPartsThatMakeUpTheWhole() {
        sandbox();
        ContainerStatus app = finish(start(script("app", "head -c 40000 /dev/zero | tr '\\0' x; echo; echo end")
                .args("/bin/busybox", "sh", "-c", "head -c 40000 /dev/zero | busybox tr '\\0' x; echo; echo end")));
        assertThat(text(app)).isEqualTo("x".repeat(40000) + "\nend\n");
        assertThat(logLines(app.logFile())).hasSize(4);
    }

    @Test
    void rotationKeepsOrderAndLosesNoLine() throws IOException {
        rotateLogs(200_000, 50);
        sandbox();
        int lines = 60_000;
        ContainerStatus app = finish(start(script("app", "seq 1 " + lines)));
        List<Path> files = new ArrayList<>();
        for (int i = 49; i >= 1; i--) {
            Path old = Path.of(app.logFile() + "." + i);
            if (Files.exists(old)) {
                files.add(old);
            }
        }
        assertThat(files).hasSizeGreaterThan(5);
        files.add(app.logFile());
        List<String> numbers = new ArrayList<>();
        for (Path file : files) {
            assertThat(Files.size(file)).isLessThanOrEqualTo(200_000);
            logLines(file).forEach(line -> numbers.add(line.split(" ", 4)[3]));
        }
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, lines)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void oldFilesBeyondTheirNumberGo() {
        rotateLogs(100_000, 3);
        sandbox();
        ContainerStatus app = finish(start(script("app", "seq 1 30000")));
        assertThat(app.logFile()).exists();
        assertThat(Path.of(app.logFile() + ".1")).exists();
        assertThat(Path.of(app.logFile() + ".2")).exists();
        assertThat(Path.of(app.logFile() + ".3")).doesNotExist();
        assertThat(logLines(app.logFile()).getLast()).endsWith(" 30000");
    }
}
