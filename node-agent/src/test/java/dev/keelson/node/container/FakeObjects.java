package dev.keelson.node.container;

import dev.keelson.node.objects.ReferencedObjects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects in memory. */
public final class FakeObjects implements ReferencedObjects {
    public final Map<String, ConfigMap> configMaps = new HashMap<>();
    public final Map<String, Secret> secrets = new HashMap<>();
    public final List<Service> services = new ArrayList<>();

    @Override
    public Optional<ConfigMap> configMap(String podUid, String namespace, String name) {
        return Optional.ofNullable(configMaps.get(name));
    }

    @Override
    public Optional<Secret> secret(String podUid, String namespace, String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    @Override
    public String token(dev.keelson.crds.client.TokenRequest wanted) {
        return "token of " + wanted.account();
    }

    @Override
    public List<Service> services(String namespace) {
        return services.stream()
                .filter(service -> service.getMetadata().getNamespace().equals(namespace))
                .toList();
    }

    @Override
    public Optional<String> runtimeHandler(String runtimeClass) {
        return Optional.empty();
    }

    @Override
    public String version(String podUid) {
        return "";
    }

    @Override
    public void release(String podUid) {}
}
