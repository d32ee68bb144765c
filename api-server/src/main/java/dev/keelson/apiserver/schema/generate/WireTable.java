package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes how messages look on the wire, in the compact form that the protobuf reader uses: field number to
 * {@code [name, type, flags]}. Flag {@code i}: the message's fields stand in the parent's place; {@code z}: a zero
 * means absent.
 */
final class WireTable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> SPECIAL = Map.of(
            "k8s.io.apimachinery.pkg.apis.meta.v1.Time", "time",
            "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime", "microtime",
            "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1", "json",
            "k8s.io.apimachinery.pkg.runtime.RawExtension", "json",
            "k8s.io.apimachinery.pkg.api.resource.Quantity", "quantity",
            "k8s.io.apimachinery.pkg.util.intstr.IntOrString", "intOrString",
            "k8s.io.apimachinery.pkg.apis.meta.v1.Verbs", "texts");

    /** Text pointers of the Go types: an empty text in one of these says something. */
    private static final Set<String> TEXT_POINTERS = Set.of("storageClassName", "ingressClassName");

    /** Numbers and booleans that are plain values in the Go types and carry {@code omitempty}. */
    private static final Set<String> PLAIN_VALUES = Set.of(
            "stdin",
            "stdinOnce",
            "tty",
            "readOnly",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "unschedulable",
            "paused",
            "publishNotReadyAddresses",
            "hostPort",
            "nodePort",
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold",
            "minReadySeconds",
            "generation",
            "observedGeneration",
            "count",
            "startupPolicy",
            "partition");

    private final Map<String, ProtoMessage> messages;
    private final Map<String, Definition> definitions;

    WireTable(Map<String, ProtoMessage> messages, Map<String, Definition> definitions) {
        this.messages = messages;
        this.definitions = definitions;
    }

    ObjectNode of(List<ProtoMessage> listed) {
        ObjectNode table = JSON.createObjectNode();
        for (ProtoMessage message : listed) {
            if (message.fields().isEmpty() && message.name().contains(".apiextensions.")) {
                continue;
            }
            ObjectNode fields = table.putObject(message.name());
            for (ProtoField field : message.fields().values()) {
                fields.putArray(Integer.toString(field.number()))
                        .add(field.name())
                        .add(type(field))
                        .add(flags(message, field));
            }
        }
        return table;
    }

    private String type(ProtoField field) {
        String plain = field.isMessage() ? messageType(field.type()) : field.type();
        return switch (field.label()) {
            case "repeated" -> "[" + plain;
            case "map" -> "{" + plain;
            default -> plain;
        };
    }

    private String messageType(String name) {
        if (name.endsWith(".ExtraValue")) {
            return "texts";
        }
        String special = SPECIAL.get(name);
        if (special == null && !messages.containsKey(name)) {
            throw new IllegalStateException("no source was read for the message " + name);
        }
        return special == null ? "@" + name : special;
    }

    private String flags(ProtoMessage message, ProtoField field) {
        return (isInlined(message, field) ? "i" : "") + (zeroMeansAbsent(message, field) ? "z" : "");
    }

    private boolean isInlined(ProtoMessage message, ProtoField field) {
        Optional<Definition> definition = Optional.ofNullable(definitions.get(ApiPackage.definition(message.name())));
        return field.isMessage()
                && field.label().equals("optional")
                && definition
                        .filter(known -> !known.properties().containsKey(field.name()))
                        .isPresent();
    }

    private boolean zeroMeansAbsent(ProtoMessage message, ProtoField field) {
        if (!field.label().equals("optional") || field.isMessage() || isRequired(message, field)) {
            return false;
        }
        if (field.type().equals("string") || field.type().equals("bytes")) {
            return !TEXT_POINTERS.contains(field.name());
        }
        boolean statusCount =
                message.simpleName().endsWith("Status") && field.type().startsWith("int");
        boolean scaled = message.simpleName().equals("ScaleSpec");
        return statusCount || scaled || PLAIN_VALUES.contains(field.name());
    }

    private boolean isRequired(ProtoMessage message, ProtoField field) {
        return Optional.ofNullable(definitions.get(ApiPackage.definition(message.name())))
                .map(definition -> definition.properties().get(field.name()))
                .filter(Definition.Property::required)
                .isPresent();
    }
}
