package dev.keelson.node;

import dev.keelson.node.eviction.EvictionSettings;
import dev.keelson.node.pod.plan.UnsafeSysctls;

/** What the owner of a node decides about it: {@code DATA_DIR/kubelet.yaml}. */
record NodeSettings(EvictionSettings eviction, UnsafeSysctls unsafeSysctls) {
    static final NodeSettings DEFAULT = new NodeSettings(EvictionSettings.DEFAULT, UnsafeSysctls.NONE);
}
