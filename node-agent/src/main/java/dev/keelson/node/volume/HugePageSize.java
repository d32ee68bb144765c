package dev.keelson.node.volume;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which pages an emptyDir with medium {@code HugePages} or {@code HugePages-2Mi} is made of.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/manage-hugepages/scheduling-hugepages/">Manage HugePages</a>
 */
final class HugePageSize {
    private static final String MEDIUM = "HugePages";
    private static final String RESOURCE = "hugepages-";

    private HugePageSize() {}

    static boolean isMeant(String medium) {
        return medium.equals(MEDIUM) || medium.startsWith(MEDIUM + "-");
    }

    /**
     * In bytes. The pod must ask for pages of that size, and without a size it must ask for those of one size only.
     *
     * @param pools what this machine keeps: size of a page to bytes of them
     */
    static long of(String medium, PodSpec pod, Map<Long, Long> pools) {
        Set<String> asked = asked(pod);
        String size = medium.equals(MEDIUM) ? only(asked) : medium.substring(MEDIUM.length() + 1);
        long bytes = bytes(medium, size);
        if (asked.stream().noneMatch(written -> bytes(medium, written) == bytes)) {
            throw new VolumeProblem(
                    "medium \"%s\" needs a container with a limit of %s%s".formatted(medium, RESOURCE, size));
        }
        if (pools.getOrDefault(bytes, 0L) == 0) {
            throw new VolumeProblem(
                    "this node keeps no huge pages of %s; /sys/kernel/mm/hugepages/hugepages-%dkB/nr_hugepages sets how many"
                            .formatted(size, bytes / 1024),
                    false);
        }
        return bytes;
    }

    private static String only(Set<String> asked) {
        if (asked.size() != 1) {
            throw new VolumeProblem(
                    "medium \"HugePages\" needs containers that ask for huge pages of exactly one size, these ask for %s; write HugePages-SIZE"
                            .formatted(asked));
        }
        return asked.iterator().next();
    }

    private static long bytes(String medium, String size) {
        try {
            return new Quantity(size).getNumericalAmount().longValueExact();
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            throw new VolumeProblem("emptyDir medium \"%s\" names no size of a page; write one such as HugePages-2Mi"
                    .formatted(medium));
        }
    }

    private static Set<String> asked(PodSpec pod) {
        return Stream.concat(
                        Stream.ofNullable(pod.getResources()),
                        Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                                .map(Container::getResources))
                .flatMap(resources -> names(Optional.ofNullable(resources)))
                .filter(name -> name.startsWith(RESOURCE))
                .map(name -> name.substring(RESOURCE.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> names(Optional<ResourceRequirements> resources) {
        return resources.stream()
                .flatMap(found -> Stream.of(
                        Optional.ofNullable(found.getLimits()).orElse(Map.of()),
                        Optional.ofNullable(found.getRequests()).orElse(Map.of())))
                .flatMap(amounts -> amounts.keySet().stream());
    }
}
