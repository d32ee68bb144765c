package dev.keelson.controllers.endpointslice;

import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Create;
import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Delete;
import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Update;
import dev.keelson.controllers.objects.Pods;
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
import dev.keelson.crds.model.Selectors;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes down which pods stand behind a service, and in which condition each is. Everything that routes traffic or answers
 * names reads these slices.
 */
public final class EndpointSliceController implements Controller<ObjectKey> {
    private static final Duration CATCH_UP = Duration.ofMillis(500);
    static final String BY_SERVICE = "service";

    private final ControllerContext context;
    private final InformerCache<Service> services;
    private final InformerCache<Pod> pods;
    private final InformerCache<EndpointSlice> slices;
    private final WriteGuard<ObjectKey> guard = new WriteGuard<>();

    public EndpointSliceController(ControllerContext context) {
        this.context = context;
        this.services = context.informers().cache(ResourceType.SERVICES);
        this.pods = context.informers().cache(ResourceType.PODS);
        this.slices = context.informers().cache(ResourceType.ENDPOINT_SLICES);
        slices.addIndex(BY_SERVICE, EndpointSliceController::serviceKeys);
    }

    @Override
    public String name() {
        return "endpointslice";
    }

    @Override
    public int workers() {
        return 4;
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        services.addHandler(ResourceHandler.each(service -> enqueue.accept(ObjectKey.of(service))));
        pods.addHandler(ResourceHandler.each(pod -> servicesOf(pod).forEach(enqueue)));
        slices.addHandler(ResourceHandler.each(slice -> serviceNames(slice)
                .forEach(
                        name -> enqueue.accept(new ObjectKey(slice.getMetadata().getNamespace(), name)))));
    }

    private Stream<ObjectKey> servicesOf(Pod pod) {
        return services.inNamespace(pod.getMetadata().getNamespace()).stream()
                .filter(EndpointSliceController::selects)
                .filter(service -> matches(service, pod))
                .map(ObjectKey::of);
    }

    private static boolean matches(Service service, Pod pod) {
        return Selectors.allOf(service.getSpec().getSelector()).test(Pods.labels(pod));
    }

    /** Services without a selector get their endpoints from somebody else. */
    static boolean selects(Service service) {
        Map<String, String> selector = service.getSpec().getSelector();
        return selector != null
                && !selector.isEmpty()
                && !"ExternalName".equals(service.getSpec().getType());
    }

    static List<String> serviceNames(EndpointSlice slice) {
        Map<String, String> labels =
                Objects.requireNonNullElse(slice.getMetadata().getLabels(), Map.of());
        boolean ours = SliceMapping.MANAGER.equals(labels.get(SliceMapping.MANAGED_BY));
        return ours && labels.containsKey(SliceMapping.SERVICE_NAME)
                ? List.of(labels.get(SliceMapping.SERVICE_NAME))
                : List.of();
    }

    static List<String> serviceKeys(EndpointSlice slice) {
        return serviceNames(slice).stream()
                .map(name -> new ObjectKey(slice.getMetadata().getNamespace(), name).toString())
                .toList();
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!guard.caughtUp(key)) {
            return Outcome.after(CATCH_UP);
        }
        Optional<Service> service = services.get(key.namespace(), key.name())
                .filter(one -> one.getMetadata().getDeletionTimestamp() == null);
        List<EndpointSlice> present = slices.byIndex(BY_SERVICE, key.toString());
        if (service.filter(EndpointSliceController::selects).isPresent()) {
            execute(key, service.get(), present);
        } else if (service.isEmpty()) {
            // The owner reference would do the same later; stale endpoints are worth being quick.
            present.forEach(slice -> delete(key, slice));
        }
        return Outcome.DONE;
    }

    private void execute(ObjectKey key, Service service, List<EndpointSlice> present) {
        Map<String, EndpointSlice> byName = new HashMap<>();
        present.forEach(slice -> byName.put(slice.getMetadata().getName(), slice));
        List<SliceView> views = present.stream().map(SliceMapping::toView).toList();
        EndpointSlicePlan plan = EndpointSlicePlanner.plan(
                key.name(), PortView.declared(service), endpoints(service), addressTypes(service), views);
        for (var action : plan.actions()) {
            switch (action) {
                case Create(SliceView slice) -> create(key, SliceMapping.toApi(slice, service, Optional.empty()));
                case Update(SliceView slice) ->
                    update(key, SliceMapping.toApi(slice, service, Optional.of(byName.get(slice.name()))));
                case Delete(String name) -> delete(key, byName.get(name));
            }
        }
        relabel(key, service, present, plan);
    }

    /** Slices carry their service's labels; those that the plan leaves alone may still lack a new one. */
    private void relabel(ObjectKey key, Service service, List<EndpointSlice> present, EndpointSlicePlan plan) {
        if (!plan.actions().isEmpty()) {
            return; // the next pass, after these writes, looks again
        }
        Map<String, String> wanted = SliceMapping.labels(service);
        present.stream()
                .filter(slice -> !wanted.equals(slice.getMetadata().getLabels()))
                .forEach(slice ->
                        update(key, SliceMapping.toApi(SliceMapping.toView(slice), service, Optional.of(slice))));
    }

    private Map<String, List<EndpointView>> endpoints(Service service) {
        boolean publishNotReady = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        Map<String, List<EndpointView>> byType = new HashMap<>();
        pods.inNamespace(service.getMetadata().getNamespace()).stream()
                .filter(pod -> PortView.reachable(pod) && matches(service, pod))
                .forEach(pod -> addresses(pod)
                        .forEach((type, address) -> byType.computeIfAbsent(type, unused -> new ArrayList<>())
                                .add(EndpointView.of(
                                        pod,
                                        address,
                                        service.getMetadata().getName(),
                                        publishNotReady,
                                        PortView.of(service, pod)))));
        return byType;
    }

    private static Map<String, String> addresses(Pod pod) {
        Map<String, String> addresses = new HashMap<>();
        List<PodIP> all = pod.getStatus().getPodIPs();
        (all == null ? Stream.<PodIP>empty() : all.stream())
                .map(PodIP::getIp)
                .filter(Objects::nonNull)
                .forEach(ip -> addresses.putIfAbsent(family(ip), ip));
        String first = pod.getStatus().getPodIP();
        addresses.putIfAbsent(family(first), first);
        return addresses;
    }

    private static String family(String address) {
        return address.contains(":") ? "IPv6" : "IPv4";
    }

    private static Set<String> addressTypes(Service service) {
        List<String> families = service.getSpec().getIpFamilies();
        return families == null || families.isEmpty() ? Set.of("IPv4") : new LinkedHashSet<>(families);
    }

    private void create(ObjectKey key, EndpointSlice slice) {
        guard.wrote(key, slices, context.client().create(ResourceType.ENDPOINT_SLICES, slice));
    }

    private void update(ObjectKey key, EndpointSlice slice) {
        guard.wrote(key, slices, context.client().update(ResourceType.ENDPOINT_SLICES, slice));
    }

    private void delete(ObjectKey key, EndpointSlice slice) {
        try {
            context.client()
                    .delete(
                            ResourceType.ENDPOINT_SLICES,
                            key.namespace(),
                            slice.getMetadata().getName(),
                            DeleteOptions.BACKGROUND.withUid(slice.getMetadata().getUid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
        }
        guard.deleted(key, slices, slice);
    }
}
