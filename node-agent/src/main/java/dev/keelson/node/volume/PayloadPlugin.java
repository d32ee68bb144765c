package dev.keelson.node.volume;

import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Volumes whose files are made from API objects: configMap, secret, downwardAPI, projected. */
final class PayloadPlugin implements VolumePlugin {
    private final Payloads payloads;

    PayloadPlugin(Payloads payloads) {
        this.payloads = payloads;
    }

    @Override
    public boolean handles(Volume volume) {
        return Payloads.handles(volume);
    }

    @Override
    public Path directory(PodDirectories directories, String podUid, String name) {
        return directories.payload(podUid, name);
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public void setUp(Setup setup) throws IOException {
        Payload payload = payloads.of(setup.pod(), setup.volume(), setup.podIps(), setup.owner());
        if (!Files.isDirectory(setup.directory())) {
            Files.createDirectories(setup.directory());
            setup.owner().give(setup.directory());
            Ownership.setMode(setup.directory(), setup.owner().fsGroup() ? 0777 | Ownership.SET_GID : 0777);
        }
        new AtomicWriter(setup.directory(), setup.owner()).write(payload);
    }
}
