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
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.watch.CachedObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentWritesTest {
    private static final ResourceDefinition CONFIG_MAPS =
            new ResourceRegistry(BuiltinKinds.list()).require("", "configmaps");
    private static final WriteOptions BY = WriteOptions.of(User.SERVER);

    private final StaleWorld world = new StaleWorld();
    private final ObjectStore store = world.store();

    @BeforeEach
    void start() {
        store.create(CONFIG_MAPS, "default", tree("{\"metadata\":{\"name\":\"settings\"}}"), BY);
        world.start();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private CachedObject set(String value) {
        return store.update(
                CONFIG_MAPS,
                "default",
                "settings",
                current -> {
                    ObjectNode data = current.withObject("/data");
                    data.put("seen", data.path("last").asText()).put("last", value);
                    return current;
                },
                BY);
    }

    private static ObjectNode tree(String json) {
        return Trees.parse(json.getBytes(UTF_8));
    }

    @Test
    void whoChangesAgainBeforeMemoryShowsItIsNotRefused() {
        set("one");
        CachedObject second = set("two");

        assertThat(second.tree().at("/data/seen").asText()).isEqualTo("one");
        assertThat(world.commits()).isEqualTo(2);
        assertThat(world.reads()).isZero();
    }

    @Test
    void whatOthersHaveWrittenSinceIsFoundInTheDatabase() {
        CachedObject first = set("one");
        world.changeBySomebody(first.key(), other -> other.withObject("/data").put("last", "other"));

        assertThat(set("two").tree().at("/data/seen").asText()).isEqualTo("other");
        assertThat(world.reads()).isEqualTo(1);
    }

    @Test
    void whatIsDeletedIsNotFound() {
        set("one");
        store.delete(CONFIG_MAPS, "default", "settings", DeleteOptions.NONE, BY);

        assertThatThrownBy(() -> set("two"))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("configmaps \"settings\" not found");
    }

    @Test
    void onlyTheLastOfOneObjectAndTheLastOfAllAreKept() {
        RecentWrites recent = new RecentWrites();
        for (int i = 1; i <= 300; i++) {
            recent.add(written("object-" + i % 290, i));
        }
        recent.add(written("object-5", 2));

        assertThat(recent.since(shown("object-5"))).map(Stored::revision).contains(new Revision(295));
        assertThat(recent.since(shown("object-289"))).isPresent();
        assertThat(recent.since(shown("object-30"))).isEmpty();
    }

    @Test
    void aLargeObjectIsNotKept() {
        RecentWrites recent = new RecentWrites();
        recent.add(written("large", 2));
        recent.add(new Stored(key("large"), "uid", new Revision(3), new byte[100_000]));

        assertThat(recent.since(shown("large"))).isEmpty();
    }

    private static Stored written(String name, long revision) {
        return new Stored(key(name), "uid", new Revision(revision), "{\"metadata\":{}}".getBytes(UTF_8));
    }

    private static CachedObject shown(String name) {
        return Trees.served(written(name, 1));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("", "configmaps", "default", name);
    }
}
