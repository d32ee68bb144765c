package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.spec.DesiredPod;

/** What this node can still give to its pods. */
public interface NodeRoom {

    ResizeRoom of(DesiredPod pod);
}
