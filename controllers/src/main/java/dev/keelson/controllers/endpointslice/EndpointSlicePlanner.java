package dev.keelson.controllers.endpointslice;

import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Action;
import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Create;
import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Delete;
import dev.keelson.controllers.endpointslice.EndpointSlicePlan.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides in which slices the endpoints of a service are written. Endpoints stay in the slice that they are in, so that one
 * pod's change costs one small write; equal inputs give equal plans.
 */
final class EndpointSlicePlanner {
    /** As Kubernetes' {@code --max-endpoints-per-slice}. */
    static final int MAX_ENDPOINTS = 100;

    private static final Comparator<EndpointView> ORDER =
            Comparator.comparing(EndpointView::podName).thenComparing(EndpointView::address);
    private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private EndpointSlicePlanner() {}

    /**
     * @param emptyPorts the ports of a slice without endpoints
     * @param addressTypes the families of the service; each has at least one slice, if empty, so that a reader can tell "no
     *     endpoints" from "not looked at yet"
     * @param endpoints all endpoints by address type
     * @param present the slices that there are
     */
    static EndpointSlicePlan plan(
            String service,
            List<PortView> emptyPorts,
            Map<String, List<EndpointView>> endpoints,
            Set<String> addressTypes,
            List<SliceView> present) {
        Map<String, SliceView> wanted = new TreeMap<>();
        for (String type : addressTypes) {
            List<SliceView> ofType = present.stream()
                    .filter(slice -> slice.addressType().equals(type))
                    .toList();
            slices(service, emptyPorts, type, endpoints.getOrDefault(type, List.of()), ofType)
                    .forEach(slice -> wanted.put(slice.name(), slice));
        }
        return difference(wanted, present);
    }

    private static List<SliceView> slices(
            String service,
            List<PortView> emptyPorts,
            String type,
            List<EndpointView> endpoints,
            List<SliceView> present) {
        Map<List<PortView>, List<EndpointView>> byPorts = endpoints.stream()
                .sorted(ORDER)
                .collect(Collectors.groupingBy(EndpointView::ports, LinkedHashMap::new, Collectors.toList()));
        if (byPorts.isEmpty()) {
            byPorts.put(emptyPorts, List.of());
        }
        List<SliceView> slices = new ArrayList<>();
        byPorts.forEach((ports, group) -> slices.addAll(pack(service, type, ports, group, present)));
        return slices;
    }

    private static Collection<SliceView> pack(
            String service, String type, List<PortView> ports, List<EndpointView> group, List<SliceView> present) {
        Map<String, List<EndpointView>> slices = new LinkedHashMap<>();
        Map<String, String> home = homes(ports, present);
        List<EndpointView> homeless = new ArrayList<>();
        for (EndpointView endpoint : group) {
            String slice = home.get(endpoint.podUid());
            if (slice == null) {
                homeless.add(endpoint);
            } else {
                slices.computeIfAbsent(slice, unused -> new ArrayList<>()).add(endpoint);
            }
        }
        settle(homeless, slices, service, type, ports);
        if (slices.isEmpty()) {
            slices.put(name(service, type, ports, 0), List.of());
        }
        return slices.entrySet().stream()
                .map(slice -> new SliceView(
                        slice.getKey(),
                        type,
                        ports,
                        slice.getValue().stream().sorted(ORDER).toList()))
                .toList();
    }

    private static Map<String, String> homes(List<PortView> ports, List<SliceView> present) {
        Map<String, String> homes = new HashMap<>();
        present.stream().filter(slice -> slice.ports().equals(ports)).forEach(slice -> slice.endpoints()
                .forEach(one -> homes.putIfAbsent(one.podUid(), slice.name())));
        return homes;
    }

    private static void settle(
            List<EndpointView> homeless,
            Map<String, List<EndpointView>> slices,
            String service,
            String type,
            List<PortView> ports) {
        int ordinal = 0;
        for (EndpointView endpoint : homeless) {
            String slice = slices.entrySet().stream()
                    .filter(one -> one.getValue().size() < MAX_ENDPOINTS)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse("");
            while (slice.isEmpty()) {
                String next = name(service, type, ports, ordinal++);
                slice = slices.containsKey(next) ? "" : next;
            }
            slices.computeIfAbsent(slice, unused -> new ArrayList<>()).add(endpoint);
        }
    }

    /** A name that a second attempt finds again, so that a lost answer or a crash leaves no duplicate slice. */
    private static String name(String service, String type, List<PortView> ports, int ordinal) {
        int hash = List.of(type, ports, ordinal).hashCode();
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            suffix.append(SUFFIX_ALPHABET.charAt(Integer.remainderUnsigned(hash, SUFFIX_ALPHABET.length())));
            hash = Integer.divideUnsigned(hash, SUFFIX_ALPHABET.length());
        }
        return service + "-" + suffix;
    }

    private static EndpointSlicePlan difference(Map<String, SliceView> wanted, List<SliceView> present) {
        Map<String, SliceView> known = new TreeMap<>();
        present.forEach(slice -> known.put(slice.name(), slice));
        List<Action> actions = new ArrayList<>();
        wanted.forEach((name, slice) -> {
            if (!known.containsKey(name)) {
                actions.add(new Create(slice));
            } else if (!known.get(name).equals(slice)) {
                actions.add(new Update(slice));
            }
        });
        // Last, so that no endpoint is nowhere in between.
        Set<String> superfluous = new HashSet<>(known.keySet());
        superfluous.removeAll(wanted.keySet());
        superfluous.stream().sorted().forEach(name -> actions.add(new Delete(name)));
        return new EndpointSlicePlan(actions);
    }
}
