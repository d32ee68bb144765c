package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the containers of a pod are judged by beside themselves.
 *
 * @param real whether it is a pod itself, not the template of one
 * @param volumes those that are sound, by name: others are there for nobody
 * @param claims names of the pod's claims for devices
 * @param graceSeconds how long the pod has to end
 */
record PodContext(
        boolean real, Map<String, JsonNode> volumes, Set<String> claims, String restartPolicy, long graceSeconds) {

    PodContext {
        volumes = Map.copyOf(volumes);
        claims = Set.copyOf(claims);
    }

    static PodContext of(JsonNode spec, boolean real, Map<String, JsonNode> volumes) {
        return new PodContext(
                real,
                volumes,
                Tree.objects(spec, "resourceClaims").stream()
                        .map(claim -> Tree.text(claim, "name"))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()),
                Tree.text(spec, "restartPolicy"),
                Tree.number(spec, "terminationGracePeriodSeconds").orElse(Long.MAX_VALUE));
    }
}
