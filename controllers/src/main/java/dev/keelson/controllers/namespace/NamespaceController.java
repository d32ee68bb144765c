package dev.keelson.controllers.namespace;

import dev.keelson.controllers.namespace.NamespacePlan.Complete;
import dev.keelson.controllers.namespace.NamespacePlan.Content;
import dev.keelson.controllers.namespace.NamespacePlan.Empty;
import dev.keelson.controllers.namespace.NamespacePlan.Leave;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Empties a namespace that is being deleted, then lets it go.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/">Namespaces</a>
 */
public final class NamespaceController implements Controller<ObjectKey> {
    private static final String FINALIZER = "kubernetes";
    /** Pods take as long as their grace; most of the time somebody waits for the namespace at a terminal. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final ControllerContext context;
    private final InformerCache<Namespace> namespaces;
    private final InformerCache<GenericKubernetesResource> definitions;

    public NamespaceController(ControllerContext context) {
        this.context = context;
        this.namespaces = context.informers().cache(ResourceType.NAMESPACES);
        this.definitions = context.informers().cache(CustomResources.DEFINITIONS);
    }

    @Override
    public String name() {
        return "namespace";
    }

    @Override
    public int workers() {
        return 2;
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        namespaces.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Namespace namespace) {
                if (deleting(namespace)) {
                    enqueue.accept(ObjectKey.of(namespace));
                }
            }

            @Override
            public void onUpdate(Namespace before, Namespace after) {
                onAdd(after);
            }
        });
    }

    private static boolean deleting(Namespace namespace) {
        return namespace.getMetadata().getDeletionTimestamp() != null;
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        return namespaces
                .get("", key.name())
                .filter(NamespaceController::deleting)
                .map(cached -> empty(key))
                .orElse(Outcome.DONE);
    }

    private Outcome empty(ObjectKey key) {
        Namespace namespace;
        try {
            // Its contents are read live too: what the cache has not seen yet would be left behind.
            namespace = context.client().get(ResourceType.NAMESPACES, "", key.name());
        } catch (ApiException gone) {
            if (gone.kind() == ApiException.Kind.NOT_FOUND) {
                return Outcome.DONE;
            }
            throw gone;
        }
        boolean finalized = namespace.getSpec() == null
                || !namespace.getSpec().getFinalizers().contains(FINALIZER);
        List<Content> contents = deleting(namespace) ? contents(key.name()) : List.of();
        return switch (NamespacePlanner.plan(deleting(namespace), finalized, contents)) {
            case Leave() -> Outcome.DONE;
            case Empty(List<Content> delete, int waiting) -> {
                delete.forEach(content -> delete(key.name(), content));
                report(namespace, contents);
                yield Outcome.after(LOOK_AGAIN);
            }
            case Complete() -> {
                complete(namespace);
                yield Outcome.DONE;
            }
        };
    }

    private List<Content> contents(String namespace) {
        return namespacedTypes()
                .flatMap(type -> contents(type, namespace).stream())
                .toList();
    }

    /** Custom kinds first: their objects own the others. */
    private Stream<ResourceType<?>> namespacedTypes() {
        Stream<ResourceType<?>> custom =
                definitions.list().stream().flatMap(definition -> CustomResources.typeOf(definition).stream());
        Stream<ResourceType<?>> others = Stream.concat(custom, OtherKinds.namespaced().stream());
        return Stream.concat(others, ResourceType.known().stream()).filter(ResourceType::namespaced);
    }

    private <T extends HasMetadata> List<Content> contents(ResourceType<T> type, String namespace) {
        try {
            return context.client().list(type, namespace, ListOptions.ALL_METADATA).items().stream()
                    .map(object -> content(type, object))
                    .toList();
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return List.of(); // the server does not serve this type
            }
            throw refused;
        }
    }

    private static Content content(ResourceType<?> type, HasMetadata object) {
        var metadata = object.getMetadata();
        return new Content(
                CustomResources.qualified(type),
                metadata.getName(),
                metadata.getUid(),
                metadata.getDeletionTimestamp() != null,
                !Objects.requireNonNullElse(metadata.getFinalizers(), List.of()).isEmpty());
    }

    private void delete(String namespace, Content content) {
        ResourceType<?> type = namespacedTypes()
                .filter(one -> CustomResources.qualified(one).equals(content.plural()))
                .findFirst()
                .orElseThrow();
        try {
            context.client().delete(type, namespace, content.name(), DeleteOptions.BACKGROUND.withUid(content.uid()));
        } catch (ApiException refused) {
            boolean gone =
                    refused.kind() == ApiException.Kind.NOT_FOUND || refused.kind() == ApiException.Kind.CONFLICT;
            if (!gone) {
                throw refused;
            }
        }
    }

    private void report(Namespace namespace, List<Content> contents) {
        Namespace changed =
                NamespaceStatus.of(namespace, contents, context.clock().instant());
        if (!changed.getStatus().equals(namespace.getStatus())) {
            context.client().updateStatus(ResourceType.NAMESPACES, changed);
        }
    }

    private void complete(Namespace namespace) {
        namespace
                .getSpec()
                .setFinalizers(namespace.getSpec().getFinalizers().stream()
                        .filter(finalizer -> !finalizer.equals(FINALIZER))
                        .toList());
        context.client().updateSubresource(ResourceType.NAMESPACES, namespace, "finalize");
    }
}
