package dev.keelson.apiserver.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Keeps this server in the list of API servers: renews its Lease in {@code kube-system} (KEP-1965), drops servers that
 * no longer renew theirs, and writes who is left into the endpoints of the Service {@code default/kubernetes}. Every
 * server does so and all come to the same result.
 */
public final class ServerPresence implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServerPresence.class.getName());
    static final Duration RENEW_EVERY = Duration.ofSeconds(5);
    static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    /** A farewell is a courtesy: a database that is away must not hold the shutdown up. */
    private static final Duration FAREWELL_LIMIT = Duration.ofSeconds(1);

    private static final String NAMESPACE = "kube-system";
    private static final String ADDRESS = "keelson.dev/address";
    private static final String IDENTITY = "apiserver.kubernetes.io/identity";
    /** MicroTime of meta.k8s.io/v1: always six digits. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final WriteOptions AS_SERVER = WriteOptions.of(User.SERVER);

    private final ObjectStore store;
    private final ResourceDefinition leases;
    private final ResourceDefinition slices;
    private final ResourceDefinition endpoints;
    private final ServerAddress self;
    private final Clock clock;
    private final AliveServers alive = new AliveServers(LEASE_DURATION);
    private volatile Optional<Thread> thread = Optional.empty();
    private volatile boolean alone = true;

    public ServerPresence(ObjectStore store, ResourceRegistry registry, ServerAddress self, Clock clock) {
        this.store = store;
        this.leases = registry.require("coordination.k8s.io", "leases");
        this.slices = registry.require("discovery.k8s.io", "endpointslices");
        this.endpoints = registry.require("", "endpoints");
        this.self = self;
        this.clock = clock;
    }

    /** One round; waits for storage. */
    public void renew() {
        ObjectNode lease = lease();
        if (!update(leases, NAMESPACE, lease, "spec")) {
            store.create(leases, NAMESPACE, lease, AS_SERVER);
        }
        Map<ServerAddress, CachedObject> known = known();
        Map<ServerAddress, String> revisions = new HashMap<>();
        known.forEach((server, held) -> revisions.put(server, held.revision().toString()));
        SortedSet<ServerAddress> servers = new TreeSet<>(alive.observe(revisions, clock.instant()));
        servers.add(self);
        known.forEach((server, held) -> {
            if (!servers.contains(server)) {
                LOG.log(System.Logger.Level.INFO, "an API server is gone address={0}", server);
                delete(leases, NAMESPACE, held.key().name(), held.revision().toString());
            }
        });
        alone = servers.size() == 1;
        publish(ApiEndpoints.plan(servers));
        put(endpoints, ApiEndpoints.endpoints(servers), "subsets");
    }

    /**
     * Goes on renewing in the background.
     *
     * @param upkeep is done in each round too
     */
    public void start(Runnable upkeep) {
        thread = Optional.of(Thread.ofVirtual().name("presence").start(() -> renewRepeatedly(upkeep)));
    }

    /** Takes this server out of the list while others remain, so that nobody is sent here in vain. */
    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
        if (alone) {
            return;
        }
        Thread farewell = Thread.ofVirtual().start(() -> {
            try {
                delete(leases, NAMESPACE, self.leaseName(), "");
            } catch (StorageException away) {
                LOG.log(System.Logger.Level.INFO, "left without a farewell: {0}", away.getMessage());
            }
        });
        try {
            farewell.join(FAREWELL_LIMIT);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewRepeatedly(Runnable upkeep) {
        boolean failing = false;
        try {
            while (true) {
                Thread.sleep(RENEW_EVERY);
                try {
                    renew();
                    upkeep.run();
                    failing = false;
                } catch (ApiFailure | StorageException e) {
                    if (!failing) {
                        LOG.log(System.Logger.Level.WARNING, "cannot renew this server''s lease: {0}", e.getMessage());
                    }
                    failing = true;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private ObjectNode lease() {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        ObjectNode metadata = lease.putObject("metadata").put("name", self.leaseName());
        metadata.putObject("labels").put(IDENTITY, "kube-apiserver");
        metadata.putObject("annotations").put(ADDRESS, self.toString());
        lease.putObject("spec")
                .put("holderIdentity", self.leaseName())
                .put("leaseDurationSeconds", (int) LEASE_DURATION.toSeconds())
                .put("renewTime", MICRO_TIME.format(clock.instant()));
        return lease;
    }

    private Map<ServerAddress, CachedObject> known() {
        store.reads().awaitLatest(leases);
        Map<ServerAddress, CachedObject> known = new HashMap<>();
        for (CachedObject held : store.reads().list(leases, NAMESPACE).objects()) {
            ServerAddress.parse(held.tree()
                            .at("/metadata/annotations")
                            .path(ADDRESS)
                            .asText())
                    .filter(server -> server.leaseName().equals(held.key().name()))
                    .ifPresent(server -> known.put(server, held));
        }
        return known;
    }

    private void publish(SortedMap<String, ObjectNode> planned) {
        planned.values().forEach(slice -> put(slices, slice, "endpoints", "ports"));
        for (CachedObject slice : store.reads().list(slices, "default").objects()) {
            String name = slice.key().name();
            boolean ours = slice.tree()
                    .at("/metadata/labels")
                    .path("kubernetes.io/service-name")
                    .asText()
                    .equals(ApiEndpoints.SERVICE);
            if (ours && !planned.containsKey(name)) {
                delete(slices, "default", name, slice.revision().toString());
            }
        }
    }

    private void put(ResourceDefinition kind, ObjectNode wanted, String... fields) {
        if (!update(kind, "default", wanted, fields)) {
            store.create(kind, "default", wanted, AS_SERVER);
        }
    }

    /** Whether there was something to update; one that is as it should be is not written. */
    private boolean update(ResourceDefinition kind, String namespace, ObjectNode wanted, String... fields) {
        try {
            store.update(
                    kind,
                    namespace,
                    Meta.name(wanted),
                    current -> {
                        for (String field : fields) {
                            current.set(field, wanted.path(field).deepCopy());
                        }
                        return current;
                    },
                    AS_SERVER);
            return true;
        } catch (ApiFailure e) {
            if (e.reason() == StatusReason.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Does nothing when another server was first, or when the object has changed meanwhile. */
    private void delete(ResourceDefinition kind, String namespace, String name, String revision) {
        DeleteOptions options = new DeleteOptions(
                DeleteOptions.NONE.graceSeconds(), "", revision, DeleteOptions.NONE.propagation(), false);
        try {
            store.delete(kind, namespace, name, options, AS_SERVER);
        } catch (ApiFailure e) {
            if (e.reason() != StatusReason.NOT_FOUND && e.reason() != StatusReason.CONFLICT) {
                throw e;
            }
        }
    }
}
