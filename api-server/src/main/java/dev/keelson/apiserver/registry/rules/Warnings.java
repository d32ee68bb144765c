package dev.keelson.apiserver.registry.rules;

import java.util.ArrayList;
import java.util.List;

/** Collects what somebody should know about an object although it is valid, worded as Kubernetes words it. */
public final class Warnings {
    /** Headers have room for some dozens; more are not looked for. */
    private static final int LIMIT = 100;

    private final List<String> found = new ArrayList<>();

    public void add(String text) {
        if (found.size() < LIMIT) {
            found.add(text);
        }
    }

    /** About one field. */
    public void add(String path, String words) {
        add(path + ": " + words);
    }

    public List<String> list() {
        return List.copyOf(found);
    }
}
