package dev.keelson.cni.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All Services of the cluster with their endpoints, as one moment saw them. */
public record ServiceState(Map<ServiceName, ServiceView> services, Map<ServiceName, List<SliceView>> slices) {
    public static final ServiceState EMPTY = new ServiceState(Map.of(), Map.of());

    public ServiceState {
        services = Map.copyOf(services);
        slices = Map.copyOf(slices);
    }

    static ServiceState of(List<ServiceView> services, List<SliceView> slices) {
        Map<ServiceName, ServiceView> byName = new TreeMap<>();
        services.forEach(service -> byName.put(service.name(), service));
        Map<ServiceName, List<SliceView>> grouped = new TreeMap<>();
        slices.forEach(slice -> grouped.computeIfAbsent(slice.service(), unused -> new ArrayList<>())
                .add(slice));
        grouped.replaceAll((name, list) -> List.copyOf(list));
        return new ServiceState(byName, grouped);
    }

    public Optional<ServiceView> service(ServiceName name) {
        return Optional.ofNullable(services.get(name));
    }

    public List<SliceView> slicesOf(ServiceName name) {
        return slices.getOrDefault(name, List.of());
    }

    /** The services in the order of their names. */
    List<ServiceView> ordered() {
        return services.values().stream()
                .sorted(Comparator.comparing(ServiceView::name))
                .toList();
    }

    /** The same with the endpoints of these pods as if they were terminating. */
    ServiceState withWithdrawn(Set<String> podUids) {
        if (podUids.isEmpty()) {
            return this;
        }
        Map<ServiceName, List<SliceView>> changed = new TreeMap<>();
        slices.forEach((name, list) -> changed.put(
                name, list.stream().map(slice -> withdrawn(slice, podUids)).toList()));
        return new ServiceState(services, changed);
    }

    private static SliceView withdrawn(SliceView slice, Set<String> podUids) {
        return new SliceView(
                slice.service(),
                slice.ports(),
                slice.endpoints().stream()
                        .map(endpoint ->
                                endpoint.podUid().filter(podUids::contains).isPresent()
                                        ? endpoint.withdrawn()
                                        : endpoint)
                        .toList());
    }
}
