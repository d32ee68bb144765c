package dev.keelson.apiserver.schema.generate;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads messages, their fields and their comments from the Java source that protoc generated: the compiled descriptors
 * have no comments, and the comments hold the merge and list markers.
 */
final class ProtoSource {
    private static final Pattern INTERFACE = Pattern.compile("interface_extends:(k8s\\.io\\.[A-Za-z0-9_.]+)\\)");
    private static final Pattern FIELD =
            Pattern.compile("<code>(optional|repeated|required) \\.?([A-Za-z0-9_.]+) ([A-Za-z0-9_]+) = (\\d+)");
    private static final Pattern MAP =
            Pattern.compile("<code>map&lt;string, \\.?([A-Za-z0-9_.]+)&gt; ([A-Za-z0-9_]+) = (\\d+)");
    private static final Pattern TYPE = Pattern.compile("Protobuf type \\{@code (k8s\\.io\\.[A-Za-z0-9_.]+)}");

    /** Where protobuf writes the first letters of a name otherwise than JSON does. */
    private static final Map<String, String> JSON_NAMES = Map.of(
            "uID", "uid",
            "aPIGroup", "apiGroup",
            "Webhooks", "webhooks",
            "Expression", "expression",
            "Name", "name");

    private final Map<String, Map<String, ProtoField>> fields = new LinkedHashMap<>();
    private final Map<String, List<String>> comments = new LinkedHashMap<>();
    private List<String> comment = new ArrayList<>();
    private boolean inComment;
    /** Full name of the message whose accessors are being read; empty outside of them. */
    private String message = "";

    /** @param name what the package is to be called instead of its published name */
    static Map<String, ProtoMessage> read(BufferedReader source, String published, String name) throws IOException {
        ProtoSource reader = new ProtoSource();
        for (String line = source.readLine(); line != null; line = source.readLine()) {
            reader.line(line.replace(published + ".", name + "."));
        }
        Map<String, ProtoMessage> messages = new LinkedHashMap<>();
        reader.fields.forEach((message, found) -> messages.put(
                message, new ProtoMessage(message, reader.comments.getOrDefault(message, List.of()), sorted(found))));
        return messages;
    }

    private static Map<String, ProtoField> sorted(Map<String, ProtoField> fields) {
        Map<String, ProtoField> sorted = new LinkedHashMap<>();
        fields.values().stream()
                .sorted(Comparator.comparingInt(ProtoField::number))
                .forEach(field -> sorted.put(field.name(), field));
        return sorted;
    }

    private void line(String line) {
        String text = line.strip();
        if (text.equals("* <pre>")) {
            comment = new ArrayList<>();
            inComment = true;
        } else if (text.equals("* </pre>")) {
            inComment = false;
        } else if (inComment) {
            comment.add(Prose.unescape(text.length() > 2 ? text.substring(2).stripTrailing() : ""));
        } else if (text.startsWith("* <code>")) {
            field(text);
        } else {
            other(line, text);
        }
    }

    private void other(String line, String text) {
        Matcher extended = INTERFACE.matcher(text);
        if (extended.find()) {
            message = extended.group(1);
            fields.putIfAbsent(message, new LinkedHashMap<>());
            comment = new ArrayList<>();
        } else if (line.equals("  }")) {
            message = "";
        } else if (text.startsWith("* Protobuf type ")) {
            Matcher type = TYPE.matcher(text);
            if (type.find()) {
                comments.putIfAbsent(type.group(1), comment);
            }
            comment = new ArrayList<>();
        }
    }

    private void field(String text) {
        if (message.isEmpty()) {
            return;
        }
        Matcher plain = FIELD.matcher(text);
        Matcher map = MAP.matcher(text);
        if (plain.find()) {
            add(new ProtoField(
                    plain.group(1), plain.group(2), plain.group(3), Integer.parseInt(plain.group(4)), comment));
        } else if (map.find()) {
            add(new ProtoField("map", map.group(1), map.group(2), Integer.parseInt(map.group(3)), comment));
        }
        comment = new ArrayList<>();
    }

    private void add(ProtoField field) {
        String json = JSON_NAMES.getOrDefault(field.name(), field.name());
        fields.get(message)
                .putIfAbsent(json, new ProtoField(field.label(), field.type(), json, field.number(), field.comment()));
    }
}
