package dev.keelson.node;

/** Brings the node's network up. Blocking; fails with an exception that says what the kernel refused. */
interface NetworkStarter {

    /** @param podCidr addresses that this node's pods get, {@code 10.64.3.0/24} */
    RunningNetwork start(String podCidr);
}
