package dev.keelson.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.auth.CachedWorld;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.registry.store.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceAccountAdmissionTest {
    private static final ResourceRegistry REGISTRY = new ResourceRegistry(BuiltinKinds.list());
    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    private final CachedWorld world = new CachedWorld();
    private final ServiceAccountAdmission admission = new ServiceAccountAdmission(
            new Reads(world.cache()), REGISTRY.require("", "serviceaccounts"), new Random(1));

    @BeforeEach
    void fill() {
        world.put("serviceaccounts", "shop", "default", "1", "'imagePullSecrets':[{'name':'pull'}]");
        world.put("serviceaccounts", "shop", "quiet", "2", "'automountServiceAccountToken':false");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void everyContainerGetsTheToken() {
        ObjectNode spec = admitted("'initContainers':[{'name':'i'}],'containers':[{'name':'a'},{'name':'b',"
                + "'volumeMounts':[{'name':'own','mountPath':'" + MOUNT + "'}]}]");
        String volume = spec.path("volumes").path(0).path("name").asText();
        assertThat(volume).startsWith("kube-api-access-");
        assertThat(spec.path("volumes")
                        .path(0)
                        .path("projected")
                        .path("sources")
                        .findValuesAsText("path"))
                .containsExactly("token", "ca.crt", "namespace");
        assertThat(spec.path("initContainers").path(0).findValuesAsText("mountPath"))
                .containsExactly(MOUNT);
        assertThat(spec.path("containers")
                        .path(0)
                        .path("volumeMounts")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo(volume);
        assertThat(spec.path("containers").path(1).findValuesAsText("name")).containsExactly("b", "own");
        assertThat(spec.path("serviceAccountName").asText()).isEqualTo("default");
        assertThat(spec.path("imagePullSecrets").path(0).path("name").asText()).isEqualTo("pull");
    }

    @Test
    void thePodsWordCountsBeforeTheAccounts() {
        assertThat(admitted("'containers':[{'name':'a'}],'automountServiceAccountToken':false")
                        .has("volumes"))
                .isFalse();
        String quiet = "'containers':[{'name':'a'}],'serviceAccountName':'quiet'";
        assertThat(admitted(quiet).has("volumes")).isFalse();
        assertThat(admitted(quiet + ",'automountServiceAccountToken':true").has("volumes"))
                .isTrue();
    }

    @Test
    void anAccountThatIsMissingIsNamed() {
        assertThatThrownBy(() -> admitted("'containers':[{'name':'a'}],'serviceAccountName':'none'"))
                .isInstanceOf(ApiFailure.class)
                .hasMessage(
                        "pods \"p\" is forbidden: error looking up service account shop/none: serviceaccount \"none\" not found");
    }

    private ObjectNode admitted(String spec) {
        ObjectNode pod = Trees.parse(("{'metadata':{'name':'p'},'spec':{" + spec + "}}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8));
        admission.mutate(new AdmissionRequest(
                Operation.CREATE,
                REGISTRY.require("", "pods"),
                "",
                "shop",
                "p",
                pod,
                Optional.empty(),
                User.SERVER,
                false));
        return pod.withObject("/spec");
    }
}
