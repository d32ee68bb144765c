package dev.keelson.node.objects;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.Lister;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.client.TokenRequest;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@link ReferencedObjects} by one watch per object: a node sees only the secrets that its pods name, and a change
 * reaches a volume at once instead of after a polling period.
 */
public final class WatchedObjects implements ReferencedObjects, AutoCloseable {
    private static final Duration FIRST_READ = Duration.ofSeconds(10);

    private final ApiClient api;
    private final Lister<Service> services;
    private final Consumer<String> onChange;
    private final AccountTokens tokens;
    private final Map<Key, Watched<?>> watched = new ConcurrentHashMap<>();

    /** @param onChange told the uid of a pod when an object that it uses changes */
    public WatchedObjects(
            ApiClient api, Lister<Service> services, Consumer<String> onChange, Clock clock, Executor background) {
        this.api = api;
        this.services = services;
        this.onChange = onChange;
        this.tokens = new AccountTokens(api::requestToken, clock, onChange, after(background));
    }

    private static BiConsumer<Duration, Runnable> after(Executor background) {
        // Rounded up to whole milliseconds.
        return (wait, task) -> CompletableFuture.delayedExecutor(wait.toMillis() + 1, TimeUnit.MILLISECONDS, background)
                .execute(task);
    }

    private record Key(String plural, String namespace, String name) {}

    private record Watched<T extends HasMetadata>(Informer<T> informer, Set<String> podUids) {}

    @Override
    public Optional<ConfigMap> configMap(String podUid, String namespace, String name) {
        return read(ResourceType.CONFIG_MAPS, podUid, namespace, name);
    }

    @Override
    public Optional<Secret> secret(String podUid, String namespace, String name) {
        return read(ResourceType.SECRETS, podUid, namespace, name);
    }

    private <T extends HasMetadata> Optional<T> read(
            ResourceType<T> type, String podUid, String namespace, String name) {
        Key key = new Key(type.plural(), namespace, name);
        // The entry's type follows from the key's plural.
        @SuppressWarnings("unchecked")
        Watched<T> entry = (Watched<T>) watched.compute(key, (_, old) -> {
            Watched<?> kept = old == null ? open(type, key) : old;
            kept.podUids().add(podUid);
            return kept;
        });
        if (!entry.informer().awaitSync(FIRST_READ)) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "FailedMount",
                    "cannot read %s \"%s/%s\": the API server does not answer"
                            .formatted(type.plural(), namespace, name));
        }
        return entry.informer().lister().get(namespace, name);
    }

    private <T extends HasMetadata> Watched<T> open(ResourceType<T> type, Key key) {
        Set<String> podUids = ConcurrentHashMap.newKeySet();
        ListOptions one = ListOptions.fields("metadata.name=" + key.name());
        Informer<T> informer = new Informer<>(api, type, key.namespace(), one);
        informer.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(T object) {
                podUids.forEach(onChange);
            }

            @Override
            public void onUpdate(T before, T after) {
                podUids.forEach(onChange);
            }

            @Override
            public void onDelete(T last) {
                podUids.forEach(onChange);
            }
        });
        return new Watched<>(informer.start(), podUids);
    }

    @Override
    public String token(TokenRequest wanted) {
        return tokens.token(wanted);
    }

    @Override
    public List<Service> services(String namespace) {
        return services.inNamespace(namespace);
    }

    /** Asked when a sandbox is made, so seldom that nothing is kept. */
    @Override
    public Optional<String> runtimeHandler(String runtimeClass) {
        try {
            GenericKubernetesResource found = api.get(ResourceType.RUNTIME_CLASSES, "", runtimeClass);
            return Optional.of(String.valueOf(found.getAdditionalProperties().get("handler")));
        } catch (ApiException absent) {
            if (absent.kind() == ApiException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "FailedCreatePodSandBox",
                    "cannot read RuntimeClass \"%s\": %s".formatted(runtimeClass, absent.getMessage()),
                    absent);
        }
    }

    @Override
    public String version(String podUid) {
        return watched.entrySet().stream()
                .filter(entry -> entry.getValue().podUids().contains(podUid))
                .map(entry -> entry.getKey() + "@" + version(entry.getKey(), entry.getValue()))
                .sorted()
                .collect(Collectors.joining(";", tokens.version(podUid), ""));
    }

    private static String version(Key key, Watched<?> entry) {
        return entry.informer()
                .lister()
                .get(key.namespace(), key.name())
                .map(object ->
                        object.getMetadata().getUid() + object.getMetadata().getResourceVersion())
                .orElse("absent");
    }

    @Override
    public void release(String podUid) {
        tokens.release(podUid);
        watched.forEach((key, _) -> watched.computeIfPresent(key, (_, entry) -> {
            entry.podUids().remove(podUid);
            if (entry.podUids().isEmpty()) {
                entry.informer().close();
                return null;
            }
            return entry;
        }));
    }

    @Override
    public void close() {
        watched.values().forEach(entry -> entry.informer().close());
        watched.clear();
    }
}
