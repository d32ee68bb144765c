package dev.keelson.controllers.serviceaccount;

import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the cluster's certificate authority in every namespace as the ConfigMap {@code kube-root-ca.crt}, which pods mount to
 * trust the API server (KEP-1205).
 */
public final class RootCaController implements Controller<ObjectKey> {
    private static final String NAME = "kube-root-ca.crt";
    private static final String ENTRY = "ca.crt";
    /** How soon a renewed authority file reaches the namespaces. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final ControllerContext context;
    private final Path authority;
    private final InformerCache<Namespace> namespaces;
    private final InformerCache<ConfigMap> published;

    public RootCaController(ControllerContext context, Path authority) {
        this.context = context;
        this.authority = authority;
        this.namespaces = context.informers().cache(ResourceType.NAMESPACES);
        this.published = context.informers().selected(ResourceType.CONFIG_MAPS, "metadata.name=" + NAME);
    }

    @Override
    public String name() {
        return "rootca";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        namespaces.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Namespace namespace) {
                enqueue.accept(ObjectKey.of(namespace));
            }
        });
        published.addHandler(new ResourceHandler<>() {
            @Override
            public void onUpdate(ConfigMap before, ConfigMap after) {
                onDelete(after);
            }

            @Override
            public void onDelete(ConfigMap last) {
                enqueue.accept(new ObjectKey("", last.getMetadata().getNamespace()));
            }
        });
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        boolean live = namespaces
                .get("", key.name())
                .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() == null)
                .isPresent();
        if (!live) {
            return Outcome.DONE;
        }
        Map<String, String> wanted = Map.of(ENTRY, read());
        Optional<ConfigMap> present = present(key.name());
        if (present.isEmpty()) {
            create(key.name(), wanted);
        } else if (!wanted.equals(present.get().getData())) {
            context.client()
                    .update(
                            ResourceType.CONFIG_MAPS,
                            new ConfigMapBuilder(present.get()).withData(wanted).build());
        }
        return Outcome.after(LOOK_AGAIN);
    }

    /** Asked of the server: the cache holds no contents. */
    private Optional<ConfigMap> present(String namespace) {
        try {
            return Optional.of(context.client().get(ResourceType.CONFIG_MAPS, namespace, NAME));
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private void create(String namespace, Map<String, String> content) {
        try {
            context.client()
                    .create(
                            ResourceType.CONFIG_MAPS,
                            new ConfigMapBuilder()
                                    .withNewMetadata()
                                    .withNamespace(namespace)
                                    .withName(NAME)
                                    .addToAnnotations(
                                            "kubernetes.io/description",
                                            "Contains a CA bundle that can be used to verify the kube-apiserver when"
                                                    + " using internal endpoints such as the internal service IP or"
                                                    + " kubernetes.default.svc.")
                                    .endMetadata()
                                    .withData(content)
                                    .build());
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.ALREADY_EXISTS) {
                throw refused;
            }
        }
    }

    private String read() {
        try {
            return Files.readString(authority);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the root certificate authority " + authority, unreadable);
        }
    }
}
