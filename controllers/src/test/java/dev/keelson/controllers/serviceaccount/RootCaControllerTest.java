package dev.keelson.controllers.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootCaControllerTest {
    @TempDir
    private Path directory;

    private final TestWorld world = new TestWorld();
    private ControllerLoop<ObjectKey> loop;

    @BeforeEach
    void publish() throws IOException {
        Path authority = Files.writeString(directory.resolve("ca.crt"), "certificate");
        loop = world.start(context -> new RootCaController(context, authority));
        world.client()
                .create(
                        ResourceType.NAMESPACES,
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName("shop")
                                .endMetadata()
                                .build());
        world.settle(loop);
    }

    @Test
    void everyNamespaceHasTheAuthority() {
        assertThat(published().getData()).containsExactly(Map.entry("ca.crt", "certificate"));
    }

    /** At once: no time passes here. */
    @Test
    void whatSomebodyWritesIntoItIsPutRight() {
        ConfigMap changed = published();
        changed.setData(Map.of("ca.crt", "of somebody else"));
        world.client().update(ResourceType.CONFIG_MAPS, changed);
        world.settle(loop);

        assertThat(published().getData()).containsExactly(Map.entry("ca.crt", "certificate"));
    }

    @Test
    void whatSomebodyDeletesComesBack() {
        world.client().delete(ResourceType.CONFIG_MAPS, "shop", "kube-root-ca.crt", DeleteOptions.BACKGROUND);
        world.settle(loop);

        assertThat(published().getData()).containsExactly(Map.entry("ca.crt", "certificate"));
    }

    private ConfigMap published() {
        return world.client().get(ResourceType.CONFIG_MAPS, "shop", "kube-root-ca.crt");
    }
}
