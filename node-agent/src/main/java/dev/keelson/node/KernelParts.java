package dev.keelson.node;

import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.http.HttpApiClient;
import dev.keelson.node.eviction.NodeWatch;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.LocalImageService;
import dev.keelson.node.image.registry.RegistryOptions;
import dev.keelson.node.registration.Machine;
import dev.keelson.node.registration.NodeObjects;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.runtime.engine.EngineSettings;
import dev.keelson.node.runtime.engine.LauncherRuntime;
import dev.keelson.node.volume.KernelMounter;
import dev.keelson.node.volume.NodePodVolumes;
import dev.keelson.node.volume.PodDirectories;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** The parts of an agent over the real kernel and the cluster's API server. */
final class KernelParts {
    private KernelParts() {}

    static AgentParts of(AgentConfig config) {
        return of(config, ImageLimits.DEFAULT, RegistryOptions.DEFAULT);
    }

    static AgentParts of(AgentConfig config, ImageLimits limits, RegistryOptions registries) {
        Path directory = config.dataDir().toAbsolutePath().resolve("node");
        LauncherRuntime runtime = LauncherRuntime.open(EngineSettings.of(config), Clock.systemUTC());
        runtime.limitPods(NodeObjects.enforced(Machine.read(config.dataDir().toAbsolutePath())));
        LocalImageService images = new LocalImageService(
                directory.resolve("images"),
                limits,
                registries.withHosts(config.dataDir().toAbsolutePath().resolve("registries")),
                () -> imagesInUse(runtime, directory));
        ClientConfig client = new ClientConfig(
                config.apiServer(),
                config.certificateAuthority(),
                config.certificate(),
                config.key(),
                "keelson-agent/" + NodeObjects.KUBELET_VERSION);
        return new AgentParts(
                new HttpApiClient(client),
                runtime,
                images,
                podCidr -> BridgedNetwork.start(config, podCidr),
                new KernelMounter(),
                NodeWatch.of(directory));
    }

    private static Set<String> imagesInUse(RuntimeService runtime, Path directory) {
        Set<String> used = new HashSet<>(NodePodVolumes.imagesInUse(new PodDirectories(directory)));
        runtime.listContainers().forEach(container -> used.add(container.imageId()));
        return used;
    }
}
