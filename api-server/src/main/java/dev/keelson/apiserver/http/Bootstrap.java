package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy;
import dev.keelson.apiserver.auth.rbac.BootstrapRoles;
import dev.keelson.apiserver.presence.ServerPresence;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.UnstoredKind;
import dev.keelson.apiserver.registry.flowcontrol.FirstFlows;
import dev.keelson.apiserver.registry.flowcontrol.FlowConditions;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What every cluster begins with: the system's namespaces and roles, and the API's own Service with the address where pods find
 * it ({@link ServerPresence}). Repeats until it is done, so a database that comes late delays readiness and nothing else.
 */
final class Bootstrap {
    private static final System.Logger LOG = System.getLogger(Bootstrap.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public", "kube-node-lease");
    private static final String APIREGISTRATION = "apiregistration.k8s.io";
    private static final String FLOW_CONTROL = "flowcontrol.apiserver.k8s.io";
    private static final WriteOptions AS_SERVER = WriteOptions.of(User.SERVER);

    /**
     * @param serviceAddress the first address of the service range
     * @param unstored kinds that are served and not stored
     */
    record Settings(String serviceAddress, int httpsPort, List<UnstoredKind> unstored) {}

    private final ObjectStore store;
    private final ResourceRegistry registry;
    private final Settings settings;
    private final BootstrapPolicy policy;
    private final ServerPresence presence;
    private final Clock clock;
    private volatile Optional<String> problem = Optional.of("the cluster's first objects are not created yet");

    Bootstrap(
            ObjectStore store,
            ResourceRegistry registry,
            Settings settings,
            BootstrapPolicy policy,
            ServerPresence presence,
            Clock clock) {
        this.store = store;
        this.registry = registry;
        this.settings = settings;
        this.policy = policy;
        this.presence = presence;
        this.clock = clock;
    }

    /** What keeps it from being done, empty when it is. */
    Optional<String> problem() {
        return problem;
    }

    /** Called on a virtual thread; returns when all is there or the thread is interrupted. */
    void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                NAMESPACES.forEach(this::namespace);
                new BootstrapRoles(store, registry).ensure(policy);
                ensureService();
                presence.renew();
                FirstObjects.priorityClasses()
                        .forEach(object -> ensure("scheduling.k8s.io", "priorityclasses", "", object));
                apiServices(FirstObjects.apiServices(own()));
                problem = Optional.empty();
                // Nobody waits for these.
                flowControl();
                // Whoever deletes everything in a namespace deletes this, too, and every pod would be without it.
                presence.start(this::upkeep);
                return;
            } catch (ApiFailure | StorageException e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
                LOG.log(System.Logger.Level.WARNING, "bootstrap waits problem=\"{0}\"", e.getMessage());
                pause();
            }
        }
    }

    private void upkeep() {
        ensureService();
        flowControl();
        if (registry.complete()) {
            customApiServices();
        }
    }

    private void flowControl() {
        ResourceDefinition levels = registry.require(FLOW_CONTROL, "prioritylevelconfigurations");
        ResourceDefinition schemas = registry.require(FLOW_CONTROL, "flowschemas");
        FirstFlows.levels().forEach(object -> ensure(FLOW_CONTROL, levels.plural(), "", object));
        FirstFlows.schemas().forEach(object -> ensure(FLOW_CONTROL, schemas.plural(), "", object));
        for (CachedObject schema : store.reads().list(schemas, "").objects()) {
            boolean exists = store.reads()
                    .cached(levels, "", FlowConditions.level(schema.tree()))
                    .isPresent();
            if (!FlowConditions.tells(schema.tree(), exists)) {
                store.update(
                        schemas,
                        "",
                        schema.key().name(),
                        current -> FlowConditions.tell(current, exists, clock.instant()),
                        AS_SERVER.on("status"));
            }
        }
    }

    /** What the server has by itself. */
    private List<ResourceDefinition> own() {
        List<ResourceDefinition> own = new ArrayList<>(registry.all());
        own.removeAll(registry.custom());
        settings.unstored().forEach(kind -> own.add(kind.definition()));
        return own;
    }

    private void apiServices(List<ObjectNode> objects) {
        objects.forEach(object -> ensure(APIREGISTRATION, "apiservices", "", object));
    }

    /** A group version of custom kinds has an APIService while it is served (Kubernetes' crdregistration). */
    private void customApiServices() {
        List<ObjectNode> wanted = FirstObjects.customApiServices(registry.custom());
        apiServices(wanted);
        Set<String> names = wanted.stream().map(Meta::name).collect(Collectors.toSet());
        ResourceDefinition kind = registry.require(APIREGISTRATION, "apiservices");
        for (CachedObject object : store.reads().list(kind, "").objects()) {
            String managed = Tree.text(object.tree(), "metadata", "labels", FirstObjects.MANAGED);
            if (managed.equals(FirstObjects.WHILE_SERVED)
                    && !names.contains(object.key().name())) {
                store.delete(kind, "", object.key().name(), DeleteOptions.NONE, AS_SERVER);
            }
        }
    }

    private void ensureService() {
        ensure("", "services", "default", service());
    }

    private void namespace(String name) {
        ensure(
                "",
                "namespaces",
                "",
                tree("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + name + "\"}}"));
    }

    private ObjectNode service() {
        return tree("""
                {"apiVersion":"v1","kind":"Service",
                 "metadata":{"name":"kubernetes","labels":{"component":"apiserver","provider":"kubernetes"}},
                 "spec":{"type":"ClusterIP","clusterIP":"%s",
                  "ports":[{"name":"https","port":443,"protocol":"TCP","targetPort":%d}]}}
                """.formatted(settings.serviceAddress(), settings.httpsPort()));
    }

    /** Creates the object unless it is there. */
    private void ensure(String group, String plural, String namespace, ObjectNode object) {
        ResourceDefinition kind = registry.require(group, plural);
        if (store.reads().cached(kind, namespace, Meta.name(object)).isPresent()) {
            return;
        }
        try {
            store.create(kind, namespace, object, AS_SERVER);
        } catch (ApiFailure e) {
            if (e.reason() != StatusReason.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private static ObjectNode tree(String json) {
        return Trees.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
