package dev.keelson.node.runtime;

/** Something happened to a container; look at its status to see what is true now. */
public record RuntimeEvent(String podUid, String containerId) {}
