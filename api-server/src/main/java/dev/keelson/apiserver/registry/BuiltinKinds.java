package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.registry.apiextensions.ApiextensionsKinds;
import dev.keelson.apiserver.registry.apps.AppsKinds;
import dev.keelson.apiserver.registry.coordination.CoordinationKinds;
import dev.keelson.apiserver.registry.core.CoreKinds;
import dev.keelson.apiserver.registry.discovery.DiscoveryKinds;
import dev.keelson.apiserver.registry.rbac.RbacKinds;
import java.util.List;
import java.util.stream.Stream;

/** Every kind that is served without a CustomResourceDefinition, group by group. */
public final class BuiltinKinds {
    private BuiltinKinds() {}

    public static List<ResourceDefinition> list() {
        return Stream.of(
                        CoreKinds.list(),
                        ApiextensionsKinds.list(),
                        AppsKinds.list(),
                        CoordinationKinds.list(),
                        DiscoveryKinds.list(),
                        RbacKinds.list())
                .flatMap(List::stream)
                .toList();
    }
}
