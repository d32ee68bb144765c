package dev.keelson.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.patch.ManagedFields;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.schema.Schemas;
import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two API servers on one store: what one has given out, the other never gives out again. */
class ServiceAllocationTest {
    private static final ResourceDefinition SERVICES =
            new ResourceRegistry(BuiltinKinds.list()).require("", "services");
    private static final Schemas SCHEMAS = new Schemas();
    private static final WriteOptions BY = WriteOptions.of(User.SERVER);

    private final MemoryStorage storage = new MemoryStorage();
    private final List<LiveWatchCache> caches = new ArrayList<>();

    @AfterEach
    void closeCaches() {
        caches.forEach(LiveWatchCache::close);
    }

    @Test
    void noAddressIsGivenOutTwice() throws InterruptedException, ExecutionException {
        // The range has thirteen addresses besides the API's own, so the servers meet all the time.
        List<ObjectStore> servers = List.of(server("10.0.0.0/28", 1), server("10.0.0.0/28", 1));
        List<Future<String>> created = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                ObjectStore server = servers.get(i % 2);
                String name = "svc-" + i;
                created.add(threads.submit(() -> address(create(server, name, ""))));
            }
        }
        Set<String> addresses = new HashSet<>();
        for (Future<String> address : created) {
            addresses.add(address.get());
        }
        assertThat(addresses).hasSize(12).doesNotContain("10.0.0.1");
    }

    @Test
    void anAddressComesBackWithItsService() {
        ObjectStore server = server("10.0.0.0/30", 1);
        String only = address(create(server, "first", ""));
        assertThatThrownBy(() -> create(server, "second", "")).hasMessageContaining("range is full");
        server.delete(SERVICES, "default", "first", DeleteOptions.NONE, BY);
        server.reads().awaitLatest(SERVICES);
        assertThat(address(create(server, "second", ""))).isEqualTo(only);
    }

    @Test
    void anAddressThatIsAskedForIsGivenOrRefused() {
        ObjectStore server = server("10.0.0.0/24", 1);
        assertThat(address(create(server, "one", "'clusterIP':'10.0.0.9',"))).isEqualTo("10.0.0.9");
        server.reads().awaitLatest(SERVICES);
        assertThatThrownBy(() -> create(server, "two", "'clusterIP':'10.0.0.9',"))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining("provided IP is already allocated");
        assertThatThrownBy(() -> create(server, "two", "'clusterIP':'010.0.0.009',"))
                .hasMessageContaining("provided IP is already allocated");
        assertThatThrownBy(() -> create(server, "two", "'clusterIP':'10.9.0.9',"))
                .hasMessageContaining("is not in the valid range. The range of valid IPs is 10.0.0.0/24");
        assertThat(address(create(server, "none", "'clusterIP':'None',"))).isEqualTo("None");
    }

    @Test
    void nodePortsAreGivenKeptAndRefused() {
        ObjectStore server = server("10.0.0.0/24", 1);
        int port = create(server, "one", "'type':'NodePort',")
                .at("/spec/ports/0/nodePort")
                .asInt();
        assertThat(port).isBetween(30000, 32767);
        server.reads().awaitLatest(SERVICES);
        assertThatThrownBy(() -> server.create(
                        SERVICES,
                        "default",
                        tree("{'metadata':{'name':'two'},'spec':{'type':'NodePort','ports':[{'port':80,'nodePort':"
                                + port + "}]}}"),
                        BY))
                .hasMessageContaining("provided port is already allocated");
        ObjectNode labelled = server.update(
                        SERVICES,
                        "default",
                        "one",
                        current -> tree("{'metadata':{'name':'one','labels':{'a':'b'}},"
                                + "'spec':{'type':'NodePort','ports':[{'port':80}]}}"),
                        BY)
                .tree();
        assertThat(labelled.at("/spec/ports/0/nodePort").asInt()).isEqualTo(port);
    }

    private ObjectStore server(String range, long seed) {
        LiveWatchCache cache = new LiveWatchCache(storage, WatchCacheConfig.defaults(), CacheMetrics.NONE);
        caches.add(cache);
        Waiting.forResult(cache.start());
        Companion allocation = new ServiceAllocation(
                cache, ServiceRange.parse(range), PortRange.parse("30000-32767"), new Random(seed));
        return new ObjectStore(
                storage,
                new Reads(cache),
                new AdmissionChain(List.of()),
                allocation,
                new ManagedFields(SCHEMAS),
                Clock.systemUTC(),
                new Random(seed));
    }

    private static ObjectNode create(ObjectStore server, String name, String more) {
        return server.create(
                        SERVICES,
                        "default",
                        tree("{'apiVersion':'v1','kind':'Service','metadata':{'name':'" + name + "'},'spec':{" + more
                                + "'ports':[{'port':80}]}}"),
                        BY)
                .tree();
    }

    private static String address(ObjectNode service) {
        return service.at("/spec/clusterIP").asText();
    }

    private static ObjectNode tree(String json) {
        return Trees.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
