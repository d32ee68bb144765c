package dev.keelson.cli.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A client that watches a namespace's ConfigMaps and, when its server is gone, goes on where it was at the next one. */
final class FailoverWatcher implements Runnable {
    private final Servers servers;
    private final String path;
    private final List<String> events = new ArrayList<>();
    private final List<FailoverWriter.Failure> breaks = new ArrayList<>();
    private int server;
    private String seen;
    private volatile boolean stopped;

    FailoverWatcher(Servers servers, String namespace, int server, String from) {
        this.servers = servers;
        this.path = "/api/v1/namespaces/" + namespace + "/configmaps?watch=1&resourceVersion=";
        this.server = server;
        this.seen = from;
    }

    @Override
    public void run() {
        while (!stopped) {
            String how = "ended";
            try (BufferedReader lines = servers.watch(server, path + seen)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(Servers.JSON.readTree(line));
                }
            } catch (IOException lost) {
                // A line that was cut off is no event: the next server sends it again.
                how = lost.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            broke(how);
            server = servers.after(server);
        }
    }

    void stop() {
        stopped = true;
    }

    /** {@code revision type name}. */
    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Each time that it had to go to another server. */
    synchronized List<FailoverWriter.Failure> breaks() {
        return List.copyOf(breaks);
    }

    private synchronized void broke(String how) {
        breaks.add(new FailoverWriter.Failure(server, System.nanoTime(), how));
    }

    private synchronized void take(JsonNode event) {
        String type = event.path("type").asText();
        seen = event.at("/object/metadata/resourceVersion").asText();
        events.add(seen + " " + type + " " + event.at("/object/metadata/name").asText());
    }
}
