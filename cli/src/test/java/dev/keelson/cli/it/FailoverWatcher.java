package dev.keelson.cli.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client that watches a namespace's ConfigMaps and, when its server is gone, goes on where it was at the next one. */
final class FailoverWatcher implements Runnable {
    /** A watch that ends by itself, with a bookmark shortly before: it goes on where the bookmark says. */
    static final String BRIEF = "&allowWatchBookmarks=true&timeoutSeconds=5";

    private static final String EVERYTHING = "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    private static final String END_OF_INITIAL = "k8s.io/initial-events-end";

    private final Servers servers;
    private final String collection;
    private final String options;
    private final Map<String, String> initial = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private final List<FailoverWriter.Failure> breaks = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int server;
    private int bookmarks;
    private String began;
    private String seen;
    private volatile boolean stopped;

    /** @param from the revision to begin behind; empty to begin with everything that is there */
    FailoverWatcher(Servers servers, String namespace, int server, String options, String from) {
        this.servers = servers;
        this.collection = "/api/v1/namespaces/" + namespace + "/configmaps?watch=1" + options;
        this.options = options;
        this.server = server;
        this.began = from;
        this.seen = from;
    }

    @Override
    public void run() {
        while (!stopped) {
            try (BufferedReader lines = servers.watch(server, path())) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(Servers.JSON.readTree(line));
                }
                if (options.contains("timeoutSeconds")) {
                    continue;
                }
                broke("ended");
            } catch (IOException lost) {
                // A line that was cut off is no event: the next server sends it again.
                broke(lost.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            server = servers.after(server);
        }
    }

    void stop() {
        stopped = true;
    }

    /** {@code revision type name}, behind {@link #began}. */
    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Behind which revision events came; empty while not everything that was there has come. */
    synchronized String began() {
        return began;
    }

    /** What was there, name to revision, when everything was asked for. */
    synchronized Map<String, String> initial() {
        return Map.copyOf(initial);
    }

    synchronized int bookmarks() {
        return bookmarks;
    }

    /** What no server may send. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Each time that it had to go to another server. */
    synchronized List<FailoverWriter.Failure> breaks() {
        return List.copyOf(breaks);
    }

    private synchronized String path() {
        return collection + (seen.isEmpty() ? EVERYTHING : "&resourceVersion=" + seen);
    }

    private synchronized void broke(String how) {
        breaks.add(new FailoverWriter.Failure(server, System.nanoTime(), how));
        if (began.isEmpty()) {
            initial.clear();
        }
    }

    private synchronized void take(JsonNode event) {
        String type = event.path("type").asText();
        JsonNode metadata = event.at("/object/metadata");
        String revision = metadata.path("resourceVersion").asText();
        if (type.equals("ERROR") || !seen.isEmpty() && Long.parseLong(revision) < Long.parseLong(seen)) {
            wrong.add("behind " + seen + " at server " + server + ": " + event);
            return;
        }
        if (type.equals("BOOKMARK")) {
            bookmarks++;
            began = began.isEmpty() && metadata.path("annotations").has(END_OF_INITIAL) ? revision : began;
            seen = revision;
        } else if (began.isEmpty()) {
            initial.put(metadata.path("name").asText(), revision);
        } else {
            seen = revision;
            events.add(seen + " " + type + " " + metadata.path("name").asText());
        }
    }
}
