package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.TreeMap;

/** Pod specs for tests about resources. */
public final class SpecPods {
    private SpecPods() {}

    /** @param requests and limits as {@code cpu=100m memory=1Mi}; empty for none */
    public static Container container(String name, String requests, String limits) {
        return new ContainerBuilder()
                .withName(name)
                .withNewResources()
                .withRequests(amounts(requests))
                .withLimits(amounts(limits))
                .endResources()
                .build();
    }

    public static PodSpec pod(Container... containers) {
        return new PodSpecBuilder().withContainers(containers).build();
    }

    public static Map<String, Quantity> amounts(String text) {
        Map<String, Quantity> amounts = new TreeMap<>();
        for (String word : text.split(" ")) {
            if (!word.isEmpty()) {
                amounts.put(word.split("=")[0], new Quantity(word.split("=")[1]));
            }
        }
        return amounts;
    }
}
