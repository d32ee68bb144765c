package dev.keelson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables that say what conforms name tests by class and method; each of them must be there. */
class ConformanceTablesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    /** {@code SomeIT}, {@code SomeTest.aMethod}, or {@code ….aMethod} of the class that was named before. */
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:IT|Test)|…)(?:\\.(\\w+))?`");

    @ParameterizedTest
    @ValueSource(strings = {"docs/api-conformance.md", "docs/node-conformance.md"})
    void everyTestThatIsNamedExists(String document) throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        String type = "";
        int named = 0;
        Matcher names = NAMED.matcher(Files.readString(ROOT.resolve(document)));
        while (names.find()) {
            named++;
            type = names.group(1).equals("…") ? type : names.group(1);
            String method = names.group(2);
            String source = sources.getOrDefault(type, "");
            if (source.isEmpty() || method != null && !source.contains(" " + method + "(")) {
                missing.add(names.group());
            }
        }
        assertThat(named).isGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    /** Classes of one name in several rooms count together. */
    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> rooms = Files.list(ROOT)) {
            return rooms.map(room -> room.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ConformanceTablesTest::sources)
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ConformanceTablesTest::read,
                            String::concat));
        }
    }

    private static Stream<Path> sources(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
