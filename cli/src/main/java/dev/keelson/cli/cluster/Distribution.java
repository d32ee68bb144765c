package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that a build leaves and that the command runs from. {@code ./keelson} says where with the system property
 * {@code dev.keelson.home}.
 */
public record Distribution(Path home) {

    public static Distribution here() {
        String home = System.getProperty("dev.keelson.home", "");
        if (home.isEmpty()) {
            throw new CliException("start Keelson with ./keelson: the system property dev.keelson.home is not set");
        }
        return new Distribution(Path.of(home));
    }

    public Path supervisor() {
        return built(home.resolve("cli/target/keelson-supervisor"));
    }

    public Path launcher() {
        return built(home.resolve("node-agent/target/keelson-launcher"));
    }

    /** What {@link FilePages} calls the kernel with; not there on a tree that was built by parts. */
    public Path pagesLibrary() {
        return home.resolve("cli/target/libkeelson-pages.so");
    }

    /** The program itself; its libraries lie beside it. */
    public Path jar() {
        return Path.of(System.getProperty("java.class.path").split(":")[0]);
    }

    /** The embedded PostgreSQL's programs, unpacked at the first start; who may read the program may read them. */
    public Path postgres() {
        return home.resolve("cli/target/postgres");
    }

    /** Images that every node gets at {@code up}, as oci-archives. */
    public Path images() {
        return home.resolve("node-agent/target/images");
    }

    /** The command line of a role of this program; {@code flags} go to the JVM. */
    public List<String> command(String role, DataDir directory, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(flags);
        command.addAll(startUpFlags(role, directory));
        command.add("-Ddev.keelson.home=" + home);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.keelson.cli.Keelson", role));
        command.addAll(List.of("--data-dir", directory.root().toString()));
        return command;
    }

    /**
     * The JDK's ahead-of-time cache (JEP 514) of the role when the last build has made one, or the flags that record for
     * it. An older cache may hold the program's old classes, so it is not used.
     */
    private List<String> startUpFlags(String role, DataDir directory) {
        if (recording()) {
            Path record = directory.root().resolve("aot").resolve(role + ".aotconf");
            return List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + record);
        }
        Path cache = home.resolve("cli/target/" + role + ".aot");
        boolean fits = cache.toFile().lastModified() > jar().toFile().lastModified();
        return fits ? List.of("-XX:AOTCache=" + cache) : List.of();
    }

    /** Whether this run is for the start-up caches of later ones. */
    static boolean recording() {
        return System.getenv("KEELSON_AOT_RECORD") != null;
    }

    private static Path built(Path file) {
        if (!Files.isExecutable(file)) {
            throw new CliException(file + " is missing: build it with ./keelson build");
        }
        return file;
    }
}
