package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One version of kubectl through its whole command set, as people type it: the table {@code clients/kubectl/commands.txt},
 * which is held against what kubectl itself says its commands are.
 */
final class KubectlSweep {
    private static final Path FILES = Shell.repository().resolve("cli/src/test/resources/clients/kubectl");
    private static final Pattern ROW =
            Pattern.compile("(?<newer>1\\.32: )?(?<fails>fails: )?(?<command>.*?)( => (?<said>.*))?");
    private static final Pattern LISTED = Pattern.compile("(?m)^ {2}([a-z][a-z-]*) {2,}\\S");

    private record Row(boolean newer, boolean fails, String command, Pattern said) {}

    private final Map<String, String> environment;
    private final Path directory;
    private final boolean newer;

    /**
     * @param program the directory that has this kubectl
     * @param newer whether it is of the version that rows marked so are for
     */
    KubectlSweep(Cluster cluster, Path program, Path directory, boolean newer) throws IOException {
        this.directory = directory;
        this.newer = newer;
        Shell.run(Map.of(), "", List.of("cp", "-r", FILES + "/.", directory.toString()))
                .ok();
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.copy(cluster.directory().resolve("kubeconfig"), kubeconfig);
        this.environment = Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "HOME",
                directory.toString(),
                "PATH",
                program + ":" + System.getenv("PATH"),
                "NS",
                newer ? "swept" : "swept-of-old",
                "NODE",
                "node-" + cluster.name());
    }

    /** Runs every row, and tells all that went wrong together: what comes later seldom depends on one of them. */
    void everyCommandDoesItsWork() {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows()) {
            Shell.Result result = shell(row.command());
            String said = result.out() + result.err();
            boolean right = (result.code() != 0) == row.fails()
                    && row.said().matcher(said).find();
            if (!right) {
                wrong.add("%s%n  exited with %d, looked for %s in%n%s"
                        .formatted(row.command(), result.code(), row.said(), said.indent(4)));
            }
        }
        assertThat(wrong).isEmpty();
    }

    void noCommandIsLeftOut() {
        List<String> rows = lines().stream().map(Row::command).toList();
        List<String> missing = new ArrayList<>();
        for (String command : commands("", "Commands")) {
            List<String> below = commands(command, "Available Commands");
            (below.isEmpty()
                            ? List.of(command)
                            : below.stream().map(sub -> command + " " + sub).toList())
                    .stream()
                            .filter(words -> rows.stream().noneMatch(row -> uses(row, words)))
                            .forEach(missing::add);
        }
        assertThat(missing)
                .as("commands of kubectl that the table has no row for")
                .isEmpty();
    }

    private static boolean uses(String row, String words) {
        return Pattern.compile("(kubectl|serving\\.sh \\S+) ([^|&]* )?" + words + "\\b")
                .matcher(row)
                .find();
    }

    private List<Row> rows() {
        return lines().stream().filter(row -> newer || !row.newer()).toList();
    }

    private List<Row> lines() {
        try {
            return Files.readAllLines(FILES.resolve("commands.txt")).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(this::row)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Row row(String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            throw new IllegalArgumentException(line);
        }
        String said = Objects.requireNonNullElse(row.group("said"), "")
                .replace("$NS", environment.get("NS"))
                .replace("$NODE", environment.get("NODE"));
        return new Row(
                row.group("newer") != null,
                row.group("fails") != null,
                row.group("command"),
                Pattern.compile(said, Pattern.MULTILINE));
    }

    /** What kubectl lists below a heading of its help. */
    private List<String> commands(String of, String heading) {
        String help = shell("kubectl " + of + " --help").ok();
        List<String> found = new ArrayList<>();
        for (String paragraph : help.split("\n\n")) {
            Matcher listed = LISTED.matcher(paragraph);
            while (paragraph.contains(heading) && listed.find()) {
                found.add(listed.group(1));
            }
        }
        return found;
    }

    private Shell.Result shell(String command) {
        return Shell.run(environment, "", List.of("sh", "-c", "cd \"$0\" && " + command, directory.toString()));
    }
}
