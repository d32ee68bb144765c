package dev.keelson.crds.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InformerTest {
    private final FakeApiServer server = new FakeApiServer();
    private final FakeApiClient client = server.client();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Informer<ConfigMap> informer =
            new Informer<>(client, ResourceType.CONFIG_MAPS).addHandler(new Recorder());

    @AfterEach
    void stop() {
        informer.close();
    }

    @Test
    void listedObjectsAreInTheCacheWhenSynced() {
        create("shop", "a");
        informer.start();

        assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
        assertThat(informer.lister().get("shop", "a")).isPresent();
        assertThat(informer.lister().inNamespace("shop")).hasSize(1);
        assertThat(informer.lister().inNamespace("sho")).isEmpty();
    }

    @Test
    void changesArriveInOrderAcrossDroppedWatches() throws InterruptedException {
        informer.start();
        ConfigMap created = create("shop", "a");
        expect("add a");
        server.dropWatches();
        client.update(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder(created).addToData("k", "2").build());
        expect("update a");
        server.dropWatches();
        client.delete(ResourceType.CONFIG_MAPS, "shop", "a", DeleteOptions.BACKGROUND);
        expect("delete a");
        assertThat(informer.lister().list()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void expiredRevisionIsListedAgainAndTheDifferenceReported() throws InterruptedException {
        create("shop", "stays");
        create("shop", "goes");
        InformerCache<ConfigMap> cache = new InformerCache<>();
        cache.addHandler(new Recorder());
        cache.replace(client.list(ResourceType.CONFIG_MAPS, "", ListOptions.ALL));
        expect("add goes");
        expect("add stays");

        client.delete(ResourceType.CONFIG_MAPS, "shop", "goes", DeleteOptions.BACKGROUND);
        create("shop", "new");
        cache.replace(client.list(ResourceType.CONFIG_MAPS, "", ListOptions.ALL));

        expect("add new");
        expect("delete goes");
        assertThat(heard).isEmpty();
    }

    @Test
    void compactionWhileWatchingIsSurvived() throws InterruptedException {
        informer.start();
        assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
        synchronized (server) { // the informer cannot read between the write and the compaction
            create("shop", "a");
            server.compact();
        }
        expect("add a");
    }

    @Test
    void recreatedObjectIsADeletionAndAnAddition() throws InterruptedException {
        InformerCache<ConfigMap> cache = new InformerCache<>();
        create("shop", "a");
        cache.replace(client.list(ResourceType.CONFIG_MAPS, "", ListOptions.ALL));
        cache.addHandler(new Recorder());
        expect("add a");
        client.delete(ResourceType.CONFIG_MAPS, "shop", "a", DeleteOptions.BACKGROUND);
        create("shop", "a");

        cache.replace(client.list(ResourceType.CONFIG_MAPS, "", ListOptions.ALL));

        expect("delete a");
        expect("add a");
    }

    @Test
    void olderEventChangesNothing() {
        InformerCache<ConfigMap> cache = new InformerCache<>();
        ConfigMap old = create("shop", "a");
        ConfigMap current = client.update(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder(old).addToData("k", "2").build());
        cache.apply(new WatchEvent.Added<>(current));

        cache.apply(new WatchEvent.Modified<>(old));

        assertThat(cache.get("shop", "a")).contains(current);
    }

    @Test
    void indexFollowsChanges() {
        InformerCache<ConfigMap> cache = new InformerCache<>();
        cache.addIndex("value", map -> map.getData().values());
        ConfigMap first = create("shop", "a");
        cache.apply(new WatchEvent.Added<>(first));
        assertThat(cache.byIndex("value", "1")).hasSize(1);

        cache.apply(new WatchEvent.Modified<>(client.update(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder(first).addToData("k", "2").build())));

        assertThat(cache.byIndex("value", "1")).isEmpty();
        assertThat(cache.byIndex("value", "2")).hasSize(1);
    }

    @Test
    void handlerThatFailsDoesNotStopTheOthers() {
        InformerCache<ConfigMap> cache = new InformerCache<>();
        cache.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(ConfigMap object) {
                throw new IllegalStateException("a bug");
            }
        });
        cache.addHandler(new Recorder());

        cache.apply(new WatchEvent.Added<>(create("shop", "a")));

        assertThat(heard).containsExactly("add a");
    }

    private ConfigMap create(String namespace, String name) {
        return client.create(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .addToData("k", "1")
                        .build());
    }

    private void expect(String event) throws InterruptedException {
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(event);
    }

    private final class Recorder implements ResourceHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap object) {
            heard.add("add " + object.getMetadata().getName());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            heard.add("update " + after.getMetadata().getName());
        }

        @Override
        public void onDelete(ConfigMap last) {
            heard.add("delete " + last.getMetadata().getName());
        }
    }
}
