package dev.keelson.crds.client;

import java.util.List;

/** The objects of one list call and the revision that they reflect. */
public record ObjectList<T>(String resourceVersion, List<T> items) {
    public ObjectList {
        items = List.copyOf(items);
    }
}
