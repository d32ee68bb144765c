package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.container.FakeObjects;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.server.FakeImages;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodImagePullerTest {
    private final FakeImages images = new FakeImages();
    private final FakeObjects objects = new FakeObjects();

    private List<RegistryAuth> credentials(String... secrets) {
        DesiredPod pod = Pods.desired(Pods.pod()
                .editSpec()
                .withImagePullSecrets(
                        Arrays.stream(secrets).map(LocalObjectReference::new).toList())
                .endSpec());
        PodImagePuller puller = new PodImagePuller(images, objects);
        assertThatThrownBy(() -> puller.pull(pod, "reg.local/web:1", _ -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
        return images.credentials;
    }

    private void secret(String name, String key, String content) {
        String data = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        objects.secrets.put(
                name,
                new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .addToData(key, data)
                        .build());
    }

    @Test
    void secretsOfBothKindsAreReadInTheirOrder() {
        secret("old", ".dockercfg", "{\"old.local\":{\"username\":\"ann\",\"password\":\"a\"}}");
        String both = Base64.getEncoder().encodeToString("bob:b:b".getBytes(StandardCharsets.UTF_8));
        secret("new", ".dockerconfigjson", "{\"auths\":{\"new.local\":{\"auth\":\"%s\"}}}".formatted(both));

        assertThat(credentials("new", "old"))
                .containsExactly(
                        new RegistryAuth("new.local", "bob", "b:b"), new RegistryAuth("old.local", "ann", "a"));
    }

    @Test
    void aReferenceWithoutANameIsNoReference() {
        secret("", ".dockercfg", "{\"old.local\":{\"username\":\"ann\",\"password\":\"a\"}}");
        assertThat(credentials("")).isEmpty();
    }

    @Test
    void secretThatIsMissingOrUnreadableIsPassedOver() {
        secret("broken", ".dockerconfigjson", "{\"auths\":");
        secret("other", "password", "x");
        secret("good", ".dockercfg", "{\"good.local\":{\"username\":\"ann\",\"password\":\"a\"}}");

        assertThat(credentials("missing", "broken", "other", "good"))
                .containsExactly(new RegistryAuth("good.local", "ann", "a"));
    }
}
