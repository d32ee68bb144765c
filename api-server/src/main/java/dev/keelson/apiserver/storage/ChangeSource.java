package dev.keelson.apiserver.storage;

/** A store whose changes can be followed. */
public interface ChangeSource {
    ChangeFeed feed(Sequence sequence);
}
