package dev.keelson.controllers.garbagecollector;

import dev.keelson.crds.client.ObjectKey;

/**
 * One object among all types.
 *
 * @param plural its resource type
 */
public record ObjectId(String plural, ObjectKey key) {
    @Override
    public String toString() {
        return plural + "/" + key;
    }
}
