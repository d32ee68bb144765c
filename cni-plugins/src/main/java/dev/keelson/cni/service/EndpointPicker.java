package dev.keelson.cni.service;

import dev.keelson.cni.service.SliceView.EndpointView;
import dev.keelson.linux.net.nft.Value;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Decides which endpoints of a service get new connections. Pure. */
final class EndpointPicker {
    private static final Comparator<Value.Target> ORDER =
            Comparator.comparing(Value.Target::address).thenComparing(Value.Target::port);

    private EndpointPicker() {}

    /**
     * The ready endpoints; when there is none, those that are terminating but still serve, because they answer where
     * otherwise nobody would (KEP-1669). Ordered by address, each once.
     *
     * @param admitted which endpoints may be used at all, for instance those of this node
     */
    static List<Value.Target> pick(
            ServiceView service, ServiceView.Port port, List<SliceView> slices, Predicate<EndpointView> admitted) {
        List<Value.Target> ready = targets(
                port,
                slices,
                admitted.and(endpoint -> endpoint.ready() && !endpoint.terminating()
                        || service.publishNotReady() && !endpoint.terminating()));
        return ready.isEmpty()
                ? targets(port, slices, admitted.and(endpoint -> endpoint.serving() && endpoint.terminating()))
                : ready;
    }

    private static List<Value.Target> targets(
            ServiceView.Port port, List<SliceView> slices, Predicate<EndpointView> wanted) {
        return slices.stream()
                .flatMap(slice -> slice.ports().stream()
                        .filter(candidate ->
                                candidate.name().equals(port.name()) && candidate.protocol() == port.protocol())
                        .flatMap(candidate -> targets(slice, candidate, wanted)))
                .distinct()
                .sorted(ORDER)
                .toList();
    }

    private static Stream<Value.Target> targets(SliceView slice, SliceView.Port port, Predicate<EndpointView> wanted) {
        return slice.endpoints().stream()
                .filter(wanted)
                .map(endpoint -> new Value.Target(endpoint.addresses().getFirst(), port.port()));
    }
}
