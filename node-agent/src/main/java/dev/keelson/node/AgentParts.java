package dev.keelson.node;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.node.eviction.NodeWatch;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.volume.TmpfsMounter;

/**
 * What an agent is made of below its own decisions: in production the kernel's and the cluster's, in tests fakes.
 *
 * @param watch how it is seen that the node runs short of something
 * @param network brings the node's network up once its address range is known
 */
record AgentParts(
        ApiClient api,
        RuntimeService runtime,
        ImageService images,
        NetworkStarter network,
        TmpfsMounter mounter,
        NodeWatch watch) {}
