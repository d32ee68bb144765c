package dev.keelson.node.runtime.engine;

import dev.keelson.node.NodeException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The handlers that RuntimeClasses may name on this node: {@code keelson} is the engine itself, {@code runc} and {@code
 * crun} are there when they are installed, and each file {@code NAME.properties} of the directory adds one (or replaces
 * it) with a line {@code path = /usr/local/bin/program}. Read whenever it is asked for.
 */
record RuntimeHandlers(Path directory) {
    static final String OWN = "keelson";
    private static final List<String> KNOWN = List.of("runc", "crun");
    private static final List<String> PLACES = List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin");
    private static final String SUFFIX = ".properties";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** The program of a handler; empty when the engine itself is meant. */
    Optional<Path> program(String handler) {
        if (handler.isEmpty() || handler.equals(OWN)) {
            return Optional.empty();
        }
        Optional<Path> found =
                NAME.matcher(handler).matches() ? configured(handler).or(() -> installed(handler)) : Optional.empty();
        return Optional.of(found.orElseThrow(() -> new NodeException(
                NodeException.Kind.INVALID,
                "FailedCreatePodSandBox",
                "no runtime for \"%s\" is configured on this node, which has %s; %s/%s%s with a line \"path = PROGRAM\" adds it"
                        .formatted(handler, String.join(", ", names()), directory, handler, SUFFIX))));
    }

    private Optional<Path> configured(String handler) {
        Path file = directory.resolve(handler + SUFFIX);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException unreadable) {
            throw Failures.internal("cannot read runtime handler " + file, unreadable);
        }
        Path program = Path.of(properties.getProperty("path", ""));
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            throw Failures.invalid(
                    "runtime handler %s: path \"%s\" is no absolute path of a program".formatted(file, program));
        }
        return Optional.of(program);
    }

    private static Optional<Path> installed(String handler) {
        return KNOWN.contains(handler)
                ? PLACES.stream()
                        .map(place -> Path.of(place, handler))
                        .filter(Files::isExecutable)
                        .findFirst()
                : Optional.empty();
    }

    /** In alphabetical order. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(OWN));
        KNOWN.stream().filter(handler -> installed(handler).isPresent()).forEach(names::add);
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .forEach(name -> names.add(name.substring(0, name.length() - SUFFIX.length())));
        } catch (IOException none) {
            return names;
        }
        return names;
    }
}
