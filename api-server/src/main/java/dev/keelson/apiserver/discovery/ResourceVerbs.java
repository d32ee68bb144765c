package dev.keelson.apiserver.discovery;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import java.util.List;

/** What discovery says about subresources: their verbs, and the kind that they take or answer. */
record ResourceVerbs(String group, String version, String kind, List<String> verbs) {
    static final List<String> OBJECT =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> CHANGE = List.of("get", "patch", "update");
    private static final List<String> CONNECT = List.of("create", "get");
    private static final List<String> PROXY = List.of("create", "delete", "get", "patch", "update");

    static ResourceVerbs of(ResourceDefinition owner, Subresource part) {
        return switch (part) {
            case STATUS, APPROVAL, EPHEMERALCONTAINERS, RESIZE -> own(owner, owner.kind(), CHANGE);
            case SCALE -> new ResourceVerbs("autoscaling", "v1", "Scale", CHANGE);
            case BINDING -> own(owner, "Binding", List.of("create"));
            case EVICTION -> new ResourceVerbs("policy", "v1", "Eviction", List.of("create"));
            case TOKEN -> new ResourceVerbs("authentication.k8s.io", "v1", "TokenRequest", List.of("create"));
            case FINALIZE -> own(owner, owner.kind(), List.of("update"));
            case LOG -> own(owner, owner.kind(), List.of("get"));
            case EXEC -> own(owner, "PodExecOptions", CONNECT);
            case ATTACH -> own(owner, "PodAttachOptions", CONNECT);
            case PORTFORWARD -> own(owner, "PodPortForwardOptions", CONNECT);
            case PROXY -> own(owner, owner.kind() + "ProxyOptions", PROXY);
        };
    }

    private static ResourceVerbs own(ResourceDefinition owner, String kind, List<String> verbs) {
        return new ResourceVerbs(owner.group(), owner.version(), kind, verbs);
    }
}
