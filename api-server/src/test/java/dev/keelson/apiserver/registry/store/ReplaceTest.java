package dev.keelson.apiserver.registry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a PUT does when somebody else writes the same object. */
class ReplaceTest {
    private static final ResourceDefinition CONFIG_MAPS =
            new ResourceRegistry(BuiltinKinds.list()).require("", "configmaps");
    private static final WriteOptions BY = WriteOptions.of(User.SERVER);
    private static final ObjectKey KEY = new ObjectKey("", "configmaps", "default", "settings");

    private final StaleWorld world = new StaleWorld();
    private final List<Integer> attempts = new ArrayList<>();
    private CachedObject first;

    @BeforeEach
    void start() {
        first = world.store().create(CONFIG_MAPS, "default", wanted("", "first"), BY);
        world.start();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void whatOthersWroteIsReplacedAtTheSecondAttempt() {
        world.changeBySomebody(KEY, other -> other.withObject("/data").put("other", "value"));

        CachedObject put = put("", "mine");

        assertThat(put.tree().path("data")).isEqualTo(wanted("", "mine").path("data"));
        assertThat(put.uid()).isEqualTo(first.uid());
        assertThat(world.stored(KEY).revision()).isEqualTo(put.revision());
        assertThat(attempts).containsExactly(1, 2);
        assertThat(world.commits()).isEqualTo(2);
    }

    @Test
    void aPutOfAVersionThatOthersHaveReplacedIsRefused() {
        world.changeBySomebody(KEY, other -> other.withObject("/data").put("other", "value"));

        assertThatThrownBy(() -> put(first.revision().toString(), "mine"))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining("the object has been modified; please apply your changes to the latest version");
        assertThat(attempts).containsExactly(1, 2);
        assertThat(world.stored(KEY).revision()).isNotEqualTo(first.revision());
    }

    @Test
    void aClientMayKnowANewerVersionThanMemory() {
        world.changeBySomebody(KEY, other -> other.withObject("/data").put("other", "value"));

        put(world.stored(KEY).revision().toString(), "mine");

        assertThat(attempts).containsExactly(1, 2);
        assertThat(world.commits()).isOne();
    }

    @Test
    void whatWasDeletedMeanwhileIsNotFound() {
        world.deleteBySomebody(KEY);

        assertThatThrownBy(() -> put("", "mine"))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("configmaps \"settings\" not found");
    }

    @Test
    void whoIsAlwaysLateIsToldSo() {
        world.beforeEachCommit(() -> world.changeBySomebody(
                KEY, other -> other.withObject("/data").put("commits", String.valueOf(world.commits()))));

        assertThatThrownBy(() -> put("", "mine"))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining("the object has been modified");
        assertThat(attempts).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(world.commits()).isEqualTo(8);
    }

    @Test
    void whatIsThereAlreadyIsNotWritten() {
        CachedObject put = put("", "first");

        assertThat(put.revision()).isEqualTo(first.revision());
        assertThat(world.commits()).isZero();
    }

    private CachedObject put(String resourceVersion, String value) {
        return world.store()
                .replace(
                        CONFIG_MAPS,
                        "default",
                        "settings",
                        attempt -> {
                            attempts.add(attempt);
                            return wanted(resourceVersion, value);
                        },
                        BY);
    }

    private static ObjectNode wanted(String resourceVersion, String value) {
        ObjectNode object = Trees.parse("{\"metadata\":{\"name\":\"settings\"}}".getBytes(UTF_8));
        object.withObject("/data").put("value", value);
        if (!resourceVersion.isEmpty()) {
            object.withObject("/metadata").put("resourceVersion", resourceVersion);
        }
        return object;
    }
}
