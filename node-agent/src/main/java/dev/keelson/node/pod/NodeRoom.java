package dev.keelson.node.pod;

/** What this node can still give to its pods. */
public interface NodeRoom {

    ResizeRoom of(DesiredPod pod);
}
