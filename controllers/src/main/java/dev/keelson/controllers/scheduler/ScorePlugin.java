package dev.keelson.controllers.scheduler;

/** Says how well a pod would fit on a node that can run it. Pure. */
interface ScorePlugin {

    /** From 0 (avoid) to 100 (ideal). */
    long score(PodRequest pod, NodeView node);

    /** How much this opinion counts beside the others. */
    default int weight() {
        return 1;
    }
}
