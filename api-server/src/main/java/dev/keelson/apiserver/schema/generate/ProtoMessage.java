package dev.keelson.apiserver.schema.generate;

import java.util.List;
import java.util.Map;

/**
 * A protobuf message of the Kubernetes API.
 *
 * @param name full name such as {@code k8s.io.api.core.v1.Pod}
 * @param fields by field name, in the order of their numbers
 */
record ProtoMessage(String name, List<String> comment, Map<String, ProtoField> fields) {

    String packageName() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    boolean isAtomic() {
        return ProtoField.markersOf(comment, "structType").contains("atomic");
    }
}
