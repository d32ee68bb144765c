package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** Why a value does not fit, waiting for the words that say where. */
record Mismatch(String before, String after) {

    /** {@code json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32}. */
    static Mismatch of(JsonNode value, String goType) {
        boolean unfit = value.isNumber() && goType.startsWith("int");
        String shown = unfit ? "number " + abbreviate(value.asText()) : kind(value);
        return new Mismatch("json: cannot unmarshal " + shown + " into Go ", " of type " + goType);
    }

    /** Of a value that is read for itself: {@code json: cannot unmarshal string into Go value of type v1.ObjectMeta}. */
    String whole() {
        return before + "value" + after;
    }

    /** A value of the right JSON type whose text means nothing. */
    static Mismatch text(String problem) {
        return new Mismatch("", ": " + problem);
    }

    String at(Place place, ObjectSchema owner) {
        return before.isEmpty()
                ? place.shown() + after
                : before + "struct field " + owner.goName() + "." + place.fields() + after;
    }

    static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "bool";
            case STRING -> "string";
            case NUMBER -> "number";
            default -> "object";
        };
    }
}
