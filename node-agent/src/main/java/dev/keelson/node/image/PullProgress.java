package dev.keelson.node.image;

/** How far one blob of a pull has come. */
public record PullProgress(String digest, long doneBytes, long totalBytes) {}
