package dev.keelson.controllers.scheduler;

import java.util.Optional;

/** Says whether a pod can run on a node at all. Pure. */
interface FilterPlugin {

    /** Why the node is out of the question, in the words that are counted over all nodes; empty when it is not. */
    Optional<String> reject(PodRequest pod, NodeView node);
}
