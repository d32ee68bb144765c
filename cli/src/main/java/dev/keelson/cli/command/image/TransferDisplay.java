package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Shows how far the layers of a transfer are: on a terminal one line that changes, elsewhere a line for each that is done. */
final class TransferDisplay {
    private final PrintStream out;
    private final boolean terminal;
    private final String doneWord;
    private final Map<String, long[]> blobs = new HashMap<>();
    private final Set<String> done = new HashSet<>();

    TransferDisplay(PrintStream out, boolean terminal, String doneWord) {
        this.out = out;
        this.terminal = terminal;
        this.doneWord = doneWord;
    }

    void show(JsonNode progress) {
        String digest = progress.path("digest").asText();
        long bytes = progress.path("doneBytes").asLong();
        long total = progress.path("totalBytes").asLong();
        blobs.put(digest, new long[] {bytes, total});
        if (bytes >= total && done.add(digest)) {
            clear();
            out.println(ImageText.shortId(digest) + ": " + doneWord);
        }
        if (terminal) {
            clear();
            out.printf("%s of %s", ImageText.size(sum(0)), ImageText.size(sum(1)));
            out.flush();
        }
    }

    private long sum(int which) {
        return blobs.values().stream().mapToLong(blob -> blob[which]).sum();
    }

    void clear() {
        if (terminal) {
            out.print("\r\033[K");
        }
    }
}
