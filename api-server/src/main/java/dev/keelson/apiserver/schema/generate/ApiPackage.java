package dev.keelson.apiserver.schema.generate;

import java.util.List;
import java.util.Optional;

/**
 * A package of API types.
 *
 * @param name protobuf package; its types' definitions begin with {@code io.k8s} instead of {@code k8s.io}
 * @param published the package under which the messages were published; they may have been stable only later
 * @param protoClass the generated class that holds its messages; empty when none was generated
 * @param modelPrefixes what the Java models' names may begin with, most particular first
 */
record ApiPackage(String name, String published, Optional<String> protoClass, List<String> modelPrefixes) {
    private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1";

    static List<ApiPackage> all() {
        return List.of(
                of(META, "Meta", "V1"),
                of("k8s.io.apimachinery.pkg.api.resource", "Resource", "none"),
                of("k8s.io.apimachinery.pkg.util.intstr", "IntStr", "none"),
                of("k8s.io.apimachinery.pkg.runtime", "Runtime", "none"),
                of("k8s.io.api.core.v1", "V1", "CoreV1", "V1"),
                of("k8s.io.api.admissionregistration.v1", "V1Admissionregistration", "AdmissionregistrationV1", "V1"),
                of("k8s.io.api.apps.v1", "V1Apps", "V1"),
                of("k8s.io.api.authentication.v1", "V1Authentication", "AuthenticationV1", "V1"),
                of("k8s.io.api.authorization.v1", "V1Authorization", "V1"),
                of("k8s.io.api.autoscaling.v1", "V1Autoscaling", "V1"),
                of("k8s.io.api.autoscaling.v2", "V2beta2Autoscaling", "V2")
                        .publishedAs("k8s.io.api.autoscaling.v2beta2"),
                of("k8s.io.api.batch.v1", "V1Batch", "V1"),
                of("k8s.io.api.certificates.v1", "V1Certificates", "V1"),
                of("k8s.io.api.networking.v1", "V1Networking", "V1"),
                of("k8s.io.api.policy.v1", "V1Policy", "V1"),
                of("k8s.io.api.rbac.v1", "V1Rbac", "RbacV1", "V1"),
                of("k8s.io.api.scheduling.v1", "V1Scheduling", "V1"),
                of("k8s.io.api.storage.v1", "V1Storage", "StorageV1", "V1"),
                supplemented("apiextensions", "none"),
                supplemented("apiregistration", "ApiregistrationV1"),
                supplemented("coordination", "none"),
                supplemented("discovery", "DiscoveryV1"),
                supplemented("events", "EventsV1"),
                supplemented("flowcontrol", "FlowcontrolV1"),
                supplemented("node", "none"));
    }

    private static ApiPackage of(String name, String protoClass, String... prefixes) {
        return new ApiPackage(name, name, Optional.of(protoClass), List.of(prefixes));
    }

    /** A group whose messages {@link Supplement} has. */
    private static ApiPackage supplemented(String group, String prefix) {
        String name = "k8s.io.api." + group + ".v1";
        return new ApiPackage(name, name, Optional.empty(), List.of(prefix, "V1"));
    }

    private ApiPackage publishedAs(String other) {
        return new ApiPackage(name, other, protoClass, modelPrefixes);
    }

    /** {@code io.k8s.api.core.v1.Pod} of {@code k8s.io.api.core.v1.Pod}. */
    static String definition(String messageName) {
        return "io.k8s." + messageName.substring("k8s.io.".length());
    }
}
