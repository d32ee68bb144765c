package dev.keelson.controllers.endpointslice;

import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.controllers.runtime.WriteGuard;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps an Endpoints object beside the slices of every service with a selector, for clients from before EndpointSlices. It follows the
 * slices and never holds them up.
 */
public final class EndpointsController implements Controller<ObjectKey> {
    private static final Duration CATCH_UP = Duration.ofMillis(500);
    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    private static final String MANAGER = "endpoint-controller";

    private final ControllerContext context;
    private final InformerCache<Service> services;
    private final InformerCache<EndpointSlice> slices;
    private final InformerCache<Endpoints> endpoints;
    private final WriteGuard<ObjectKey> guard = new WriteGuard<>();

    public EndpointsController(ControllerContext context) {
        this.context = context;
        this.services = context.informers().cache(ResourceType.SERVICES);
        this.slices = context.informers().cache(ResourceType.ENDPOINT_SLICES);
        this.endpoints = context.informers().cache(ResourceType.ENDPOINTS);
        slices.addIndex(EndpointSliceController.BY_SERVICE, EndpointSliceController::serviceKeys);
    }

    @Override
    public String name() {
        return "endpoints";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        services.addHandler(ResourceHandler.each(service -> enqueue.accept(ObjectKey.of(service))));
        slices.addHandler(ResourceHandler.each(slice -> EndpointSliceController.serviceNames(slice)
                .forEach(
                        name -> enqueue.accept(new ObjectKey(slice.getMetadata().getNamespace(), name)))));
        endpoints.addHandler(ResourceHandler.each(object -> enqueue.accept(ObjectKey.of(object))));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!guard.caughtUp(key)) {
            return Outcome.after(CATCH_UP);
        }
        Optional<Service> service = services.get(key.namespace(), key.name());
        Optional<Endpoints> present = endpoints.get(key.namespace(), key.name());
        if (service.filter(EndpointSliceController::selects).isPresent()) {
            write(key, service.get(), present);
        } else if (service.isEmpty()) {
            present.filter(EndpointsController::ours).ifPresent(object -> delete(key, object));
        }
        return Outcome.DONE;
    }

    /** Endpoints without our mark were made by hand, for a service without a selector. */
    private static boolean ours(Endpoints object) {
        Map<String, String> labels =
                Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
        return MANAGER.equals(labels.get(MANAGED_BY));
    }

    private void write(ObjectKey key, Service service, Optional<Endpoints> present) {
        List<SliceView> views = slices.byIndex(EndpointSliceController.BY_SERVICE, key.toString()).stream()
                .map(SliceMapping::toView)
                .toList();
        List<EndpointSubset> subsets = EndpointsPlanner.subsets(views);
        if (present.isPresent() && subsets.equals(present.get().getSubsets())) {
            return;
        }
        Endpoints wanted = new EndpointsBuilder(present.orElseGet(Endpoints::new))
                .editOrNewMetadata()
                .withNamespace(key.namespace())
                .withName(key.name())
                .withLabels(service.getMetadata().getLabels())
                .addToLabels(MANAGED_BY, MANAGER)
                .endMetadata()
                .withSubsets(subsets)
                .build();
        Endpoints written = present.isPresent()
                ? context.client().update(ResourceType.ENDPOINTS, wanted)
                : context.client().create(ResourceType.ENDPOINTS, wanted);
        guard.wrote(key, endpoints, written);
    }

    private void delete(ObjectKey key, Endpoints object) {
        try {
            context.client()
                    .delete(
                            ResourceType.ENDPOINTS,
                            key.namespace(),
                            key.name(),
                            DeleteOptions.BACKGROUND.withUid(
                                    object.getMetadata().getUid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
        }
        guard.deleted(key, endpoints, object);
    }
}
