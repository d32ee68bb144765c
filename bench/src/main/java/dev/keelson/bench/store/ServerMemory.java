package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the server's process takes, from proc(5) and the JDK's jcmd. */
record ServerMemory(long pid) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    static ServerMemory of(Target target) throws IOException {
        String line = Files.readString(target.dataDir().resolve("run/server.pid"));
        return new ServerMemory(Long.parseLong(line.split(" ")[0]));
    }

    /** The resident memory now, in MiB. */
    double residentMiB() throws IOException {
        return status("VmRSS");
    }

    /** The most that was resident since {@link #forgetPeak}. */
    double peakMiB() throws IOException {
        return status("VmHWM");
    }

    void forgetPeak() throws IOException {
        Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
    }

    /** Objects that are alive, in MiB: collects garbage first. */
    double liveHeapMiB() throws IOException, InterruptedException {
        jcmd("GC.run");
        jcmd("GC.run");
        // The two generations; what classes take is named after them.
        String generations = jcmd("GC.heap_info").split("Metaspace")[0];
        return USED.matcher(generations)
                        .results()
                        .mapToDouble(used -> Double.parseDouble(used.group(1)))
                        .sum()
                / 1024;
    }

    private double status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + said);
        }
        return said;
    }
}
