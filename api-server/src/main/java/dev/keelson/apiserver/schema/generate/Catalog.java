package dev.keelson.apiserver.schema.generate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that the published sources say about the API's types. */
final class Catalog {
    private static final String MODELS = "io/kubernetes/client/openapi/models/";
    private static final String PROTOS = "io/kubernetes/client/proto/";
    private static final String REFERENCE = "k8s.io.api.core.v1.LocalObjectReference";
    private static final Map<String, String> WELL_KNOWN = Map.of(
            "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime", "microtime",
            "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1", "any",
            "k8s.io.apimachinery.pkg.runtime.RawExtension", "any");

    private final ClassLoader sources = Catalog.class.getClassLoader();
    private final Map<String, ProtoMessage> messages = new TreeMap<>();
    private final Map<String, String> definitionOfModel = new HashMap<>();
    private final Map<String, String> modelOfDefinition = new TreeMap<>();
    private final Map<String, Definition> definitions = new TreeMap<>();
    private final List<String> unexplained = new ArrayList<>();

    static Catalog read() throws IOException {
        Catalog catalog = new Catalog();
        for (ApiPackage api : ApiPackage.all()) {
            catalog.readMessages(api);
        }
        while (!catalog.definitions.keySet().containsAll(catalog.modelOfDefinition.keySet())) {
            for (String definition : List.copyOf(catalog.modelOfDefinition.keySet())) {
                if (!catalog.definitions.containsKey(definition)) {
                    catalog.define(definition);
                }
            }
        }
        if (!catalog.unexplained.isEmpty()) {
            throw new IllegalStateException(
                    "fields that neither JSON nor an inlined struct explains: " + catalog.unexplained);
        }
        return catalog;
    }

    Map<String, ProtoMessage> messages() {
        return messages;
    }

    Map<String, Definition> definitions() {
        return definitions;
    }

    private void readMessages(ApiPackage api) throws IOException {
        Map<String, ProtoMessage> found;
        if (api.protoClass().isPresent()) {
            try (BufferedReader source =
                    open(PROTOS + api.protoClass().get() + ".java").orElseThrow()) {
                found = ProtoSource.read(source, api.published(), api.name());
            }
        } else {
            found = Supplement.messages();
        }
        for (ProtoMessage message : found.values()) {
            if (message.packageName().equals(api.name())) {
                messages.put(message.name(), message.name().equals(REFERENCE) ? withDefaultName(message) : message);
                nameModel(api, message);
            }
        }
    }

    /** Kubernetes 1.31 and later say that a name which is not there is empty; the published comments are older. */
    private static ProtoMessage withDefaultName(ProtoMessage reference) {
        Map<String, ProtoField> fields = new LinkedHashMap<>(reference.fields());
        fields.computeIfPresent("name", (key, name) -> {
            List<String> comment = new ArrayList<>(name.comment());
            comment.add("+default=\"\"");
            return new ProtoField(name.label(), name.type(), name.name(), name.number(), comment);
        });
        return new ProtoMessage(reference.name(), reference.comment(), fields);
    }

    private void nameModel(ApiPackage api, ProtoMessage message) {
        for (String prefix : api.modelPrefixes()) {
            String model = prefix + message.simpleName();
            if (sources.getResource(MODELS + model + ".java") != null) {
                String definition = ApiPackage.definition(message.name());
                String other = definitionOfModel.putIfAbsent(model, definition);
                // The core package still declares a few messages that moved to meta; those are meta's.
                if (other != null && other.contains(".meta.")) {
                    return;
                }
                if (other != null) {
                    throw new IllegalStateException(model + " stands for both " + other + " and " + definition);
                }
                modelOfDefinition.put(definition, model);
                return;
            }
        }
    }

    private void define(String name) throws IOException {
        JavaModel model;
        try (BufferedReader source =
                open(MODELS + modelOfDefinition.get(name) + ".java").orElseThrow()) {
            model = JavaModel.read(source);
        }
        String messageName = "k8s.io." + name.substring("io.k8s.".length());
        ProtoMessage message = messages.getOrDefault(messageName, new ProtoMessage(messageName, List.of(), Map.of()));
        Map<String, ProtoField> fields = new LinkedHashMap<>();
        flatten(message, model, fields);
        ModelTypes types = new ModelTypes(other -> definitionOf(other, message.packageName()));
        Map<String, Definition.Property> properties = new TreeMap<>();
        model.properties()
                .forEach((json, type) -> properties.put(
                        json, property(json, types.notation(type), model, Optional.ofNullable(fields.get(json)))));
        String said = model.description();
        definitions.put(
                name,
                new Definition(
                        name, said.isEmpty() ? Prose.of(message.comment()) : said, message.isAtomic(), properties));
    }

    /** The models are a release newer than the messages: what only they know belongs to the package that uses it. */
    private String definitionOf(String model, String usingPackage) {
        return definitionOfModel.computeIfAbsent(model, unknown -> {
            String simple = unknown.replaceFirst("^[A-Za-z]*?V1(?=[A-Z])", "");
            String definition = ApiPackage.definition(usingPackage + "." + simple);
            modelOfDefinition.put(definition, unknown);
            return definition;
        });
    }

    /** A field that JSON does not have is a struct that Go inlines: its fields stand in its place. */
    private void flatten(ProtoMessage message, JavaModel model, Map<String, ProtoField> fields) {
        for (ProtoField field : message.fields().values()) {
            if (model.properties().containsKey(field.name())) {
                fields.put(field.name(), field);
            } else if (field.isMessage() && field.label().equals("optional")) {
                flatten(messages.get(field.type()), model, fields);
            } else {
                unexplained.add(message.name() + "." + field.name());
            }
        }
    }

    private static Definition.Property property(String name, String type, JavaModel model, Optional<ProtoField> proto) {
        String wellKnown =
                proto.map(field -> WELL_KNOWN.getOrDefault(field.type(), "")).orElse("");
        String described = model.descriptions()
                .getOrDefault(name, proto.map(ProtoField::description).orElse(""));
        return new Definition.Property(
                name,
                wellKnown.isEmpty() ? type : type.startsWith("[") ? "[" + wellKnown : wellKnown,
                described,
                model.required().contains(name),
                proto.flatMap(field -> field.marker("patchStrategy")),
                proto.flatMap(field -> field.marker("patchMergeKey")),
                proto.flatMap(field -> field.marker("listType")),
                proto.map(field -> field.markers("listMapKey")).orElse(List.of()),
                proto.flatMap(field -> field.marker("mapType")),
                proto.flatMap(field -> field.marker("default")));
    }

    private Optional<BufferedReader> open(String path) {
        InputStream stream = sources.getResourceAsStream(path);
        return stream == null
                ? Optional.empty()
                : Optional.of(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)));
    }
}
