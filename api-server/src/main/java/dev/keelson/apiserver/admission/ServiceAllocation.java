package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.WatchCache;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Gives Services their cluster address and node ports, and takes them back with the Service. */
public final class ServiceAllocation implements Companion {
    private static final Set<String> ON_NODES = Set.of("NodePort", "LoadBalancer");

    private final Reservations addresses;
    private final Reservations ports;
    private final ServiceRange range;
    private final PortRange portRange;
    private final RandomGenerator random;

    public ServiceAllocation(WatchCache cache, ServiceRange range, PortRange portRange, RandomGenerator random) {
        this.addresses = new Reservations(cache, "serviceips");
        this.ports = new Reservations(cache, "nodeports");
        this.range = range;
        this.portRange = portRange;
        this.random = random;
    }

    @Override
    public List<Write> beside(AdmissionRequest request) {
        if (!request.concernsCore("services")) {
            return List.of();
        }
        String owner = request.namespace() + "/" + request.name();
        Set<String> addressesBefore = request.old().map(this::address).orElse(Set.of());
        Set<String> portsBefore =
                request.old().map(ServiceAllocation::nodePorts).orElse(Set.of());
        if (request.operation() == Operation.DELETE) {
            List<Write> writes = new ArrayList<>(released(addresses, addressesBefore, owner));
            writes.addAll(released(ports, portsBefore, owner));
            return writes;
        }
        allocateAddress(request, owner);
        allocatePorts(request, owner);
        List<Write> writes = new ArrayList<>(moved(addresses, addressesBefore, address(request.object()), owner));
        writes.addAll(moved(ports, portsBefore, nodePorts(request.object()), owner));
        return writes;
    }

    /** Sets the address when the Service needs one, and judges one that was asked for. */
    private void allocateAddress(AdmissionRequest request, String owner) {
        ObjectNode spec = request.object().withObject("/spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            spec.remove("clusterIP");
            spec.remove("clusterIPs");
            return;
        }
        judgeFamilies(request, spec);
        String asked = spec.path("clusterIP").asText("");
        if (asked.isEmpty()) {
            String found = range.free(random.nextLong(range.size()), addresses::taken)
                    .orElseThrow(() -> ApiFailure.internal("failed to allocate a serviceIP: range is full"));
            spec.put("clusterIP", found);
            spec.putArray("clusterIPs").add(found);
        } else if (!asked.equals("None")) {
            judge(request, Addresses.decimal(asked), owner);
        }
        if (spec.path("ipFamilies").isEmpty()) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        if (spec.path("ipFamilyPolicy").asText("").isEmpty()) {
            spec.put("ipFamilyPolicy", "SingleStack");
        }
    }

    /** The range has one family. Who would rather have both gets that one; who cannot do without is told so. */
    private static void judgeFamilies(AdmissionRequest request, JsonNode spec) {
        int index = 0;
        for (JsonNode family : spec.path("ipFamilies")) {
            if (!family.asText().equals("IPv4")) {
                throw refused(request, "spec.ipFamilies[" + index + "]", family, "not configured on this cluster");
            }
            index++;
        }
        JsonNode policy = spec.path("ipFamilyPolicy");
        if (policy.asText().equals("RequireDualStack")) {
            throw refused(
                    request, "spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services");
        }
    }

    private static ApiFailure refused(AdmissionRequest request, String field, JsonNode value, String why) {
        return ApiFailure.invalid(
                request.kind(), request.name(), List.of(FieldError.invalid(field, value.toString(), why)));
    }

    private void judge(AdmissionRequest request, String asked, String owner) {
        boolean own = request.old().map(this::address).orElse(Set.of()).contains(asked);
        if (own) {
            return;
        }
        if (!range.contains(asked)) {
            throw refused(
                    request,
                    asked,
                    "the provided IP (%s) is not in the valid range. The range of valid IPs is %s"
                            .formatted(asked, range));
        }
        if (addresses.takenByOther(asked, owner)) {
            throw refused(request, asked, "provided IP is already allocated");
        }
    }

    private static ApiFailure refused(AdmissionRequest request, String asked, String why) {
        return ApiFailure.invalid(
                request.kind(),
                request.name(),
                List.of(FieldError.invalid(
                        "spec.clusterIPs",
                        GoSyntax.list(request.object().at("/spec/clusterIPs")),
                        "failed to allocate IP " + asked + ": " + why)));
    }

    private void allocatePorts(AdmissionRequest request, String owner) {
        JsonNode spec = request.object().path("spec");
        boolean wanted = ON_NODES.contains(spec.path("type").asText())
                && spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
        if (!wanted) {
            return;
        }
        Set<String> before = request.old().map(ServiceAllocation::nodePorts).orElse(Set.of());
        Set<String> chosen = new LinkedHashSet<>(nodePorts(request.object()));
        int index = 0;
        for (JsonNode port : spec.path("ports")) {
            String path = "spec.ports[" + index++ + "].nodePort";
            int asked = port.path("nodePort").asInt(0);
            if (asked == 0) {
                String found = free(chosen);
                chosen.add(found);
                ((ObjectNode) port).put("nodePort", Integer.parseInt(found));
            } else if (!before.contains(Integer.toString(asked))) {
                judgePort(request, path, asked, owner);
            }
        }
    }

    private String free(Set<String> chosen) {
        return Integer.toString(portRange
                .free(random.nextInt(65536), port -> {
                    String name = Integer.toString(port);
                    return chosen.contains(name) || ports.taken(name);
                })
                .orElseThrow(() -> ApiFailure.internal("failed to allocate a nodePort: range is full")));
    }

    private void judgePort(AdmissionRequest request, String path, int asked, String owner) {
        Optional<String> problem = portRange.contains(asked)
                ? Optional.of("provided port is already allocated")
                        .filter(words -> ports.takenByOther(Integer.toString(asked), owner))
                : Optional.of("provided port is not in the valid range. The range of valid ports is " + portRange);
        if (problem.isPresent()) {
            throw ApiFailure.invalid(
                    request.kind(),
                    request.name(),
                    List.of(FieldError.invalid(path, Integer.toString(asked), problem.get())));
        }
    }

    private static List<Write> moved(Reservations reservations, Set<String> before, Set<String> after, String owner) {
        Set<String> gained = new LinkedHashSet<>(after);
        gained.removeAll(before);
        Set<String> lost = new LinkedHashSet<>(before);
        lost.removeAll(after);
        List<Write> writes = new ArrayList<>(released(reservations, lost, owner));
        gained.forEach(name -> writes.add(reservations.reserve(name, owner)));
        return writes;
    }

    private static List<Write> released(Reservations reservations, Set<String> names, String owner) {
        return names.stream()
                .flatMap(name -> reservations.release(name, owner).stream())
                .toList();
    }

    /** Addresses of this server's range; others were never reserved. */
    private Set<String> address(ObjectNode service) {
        String address =
                Addresses.decimal(service.path("spec").path("clusterIP").asText(""));
        return range.contains(address) ? Set.of(address) : Set.of();
    }

    private static Set<String> nodePorts(ObjectNode service) {
        Set<String> found = new LinkedHashSet<>();
        for (JsonNode port : service.path("spec").path("ports")) {
            int number = port.path("nodePort").asInt(0);
            if (number > 0) {
                found.add(Integer.toString(number));
            }
        }
        return found;
    }
}
