package dev.keelson.apiserver.schema.generate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Messages of groups for which no Java protobuf classes are published; field numbers are part of the Kubernetes API. A
 * message without fields names a type that has no protobuf form here.
 */
final class Supplement {
    private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1.";

    private static final String MESSAGES = """
            message k8s.io.api.apiextensions.v1.CustomResourceDefinition
            message k8s.io.api.apiextensions.v1.CustomResourceDefinitionList
            message k8s.io.api.coordination.v1.Lease
            optional META.ObjectMeta metadata = 1
            optional k8s.io.api.coordination.v1.LeaseSpec spec = 2
            message k8s.io.api.coordination.v1.LeaseList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.coordination.v1.Lease items = 2
            message k8s.io.api.coordination.v1.LeaseSpec
            optional string holderIdentity = 1
            optional int32 leaseDurationSeconds = 2
            optional META.MicroTime acquireTime = 3
            optional META.MicroTime renewTime = 4
            optional int32 leaseTransitions = 5
            optional string strategy = 6
            optional string preferredHolder = 7
            message k8s.io.api.discovery.v1.Endpoint
            repeated string addresses = 1 +listType=set
            optional k8s.io.api.discovery.v1.EndpointConditions conditions = 2
            optional string hostname = 3
            optional k8s.io.api.core.v1.ObjectReference targetRef = 4
            map string deprecatedTopology = 5
            optional string nodeName = 6
            optional string zone = 7
            optional k8s.io.api.discovery.v1.EndpointHints hints = 8
            message k8s.io.api.discovery.v1.EndpointConditions
            optional bool ready = 1
            optional bool serving = 2
            optional bool terminating = 3
            message k8s.io.api.discovery.v1.EndpointHints
            repeated k8s.io.api.discovery.v1.ForZone forZones = 1 +listType=atomic
            message k8s.io.api.discovery.v1.EndpointPort
            optional string name = 1
            optional string protocol = 2
            optional int32 port = 3
            optional string appProtocol = 4
            message k8s.io.api.discovery.v1.EndpointSlice
            optional META.ObjectMeta metadata = 1
            repeated k8s.io.api.discovery.v1.Endpoint endpoints = 2 +listType=atomic
            repeated k8s.io.api.discovery.v1.EndpointPort ports = 3 +listType=atomic
            optional string addressType = 4
            message k8s.io.api.discovery.v1.EndpointSliceList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.discovery.v1.EndpointSlice items = 2
            message k8s.io.api.discovery.v1.ForZone
            optional string name = 1
            """;

    private static final String CONDITION = """
            optional string type = 1
            optional string status = 2
            optional META.Time lastTransitionTime = 3
            optional string reason = 4
            optional string message = 5
            """.stripTrailing();

    private static final String BY_TYPE = "+patchMergeKey=type +patchStrategy=merge +listType=map +listMapKey=type";

    private Supplement() {}

    private static Stream<String> lines() {
        return Stream.of(
                        MESSAGES,
                        GroupMessages.EVENTS,
                        GroupMessages.NODE,
                        GroupMessages.APIREGISTRATION,
                        GroupMessages.FLOWCONTROL)
                .flatMap(text -> text.replace("CONDITION", CONDITION)
                        .replace("BYTYPE", BY_TYPE)
                        .replace("META.", META)
                        .lines());
    }

    static Map<String, ProtoMessage> messages() {
        Map<String, ProtoMessage> messages = new LinkedHashMap<>();
        Map<String, ProtoField> fields = new LinkedHashMap<>();
        for (String line : lines().toList()) {
            String[] words = line.split(" ");
            if (words[0].equals("message")) {
                fields = new LinkedHashMap<>();
                boolean atomic = words[1].endsWith("discovery.v1.EndpointPort");
                List<String> comment = atomic ? List.of("+structType=atomic") : List.of();
                messages.put(words[1], new ProtoMessage(words[1], comment, fields));
            } else {
                List<String> markers = List.of(words).subList(5, words.length);
                fields.put(words[2], new ProtoField(words[0], words[1], words[2], Integer.parseInt(words[4]), markers));
            }
        }
        return messages;
    }
}
