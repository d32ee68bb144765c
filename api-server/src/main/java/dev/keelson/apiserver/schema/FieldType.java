package dev.keelson.apiserver.schema;

/** What JSON a field holds. */
public sealed interface FieldType {

    /** A single value. */
    enum Scalar implements FieldType {
        STRING("string", "string"),
        INT32("int32", "int32"),
        INT64("int64", "int64"),
        DOUBLE("double", "float64"),
        BOOLEAN("boolean", "bool"),
        BYTES("bytes", "[]uint8"),
        TIME("time", "v1.Time"),
        MICRO_TIME("microtime", "v1.MicroTime"),
        QUANTITY("quantity", "resource.Quantity"),
        INT_OR_STRING("intOrString", "intstr.IntOrString"),
        /** Any JSON, kept as it is. */
        ANY("any", "json.RawMessage");

        private final String word;
        private final String goType;

        Scalar(String word, String goType) {
            this.word = word;
            this.goType = goType;
        }

        /** The type as Kubernetes' messages name it. */
        String goType() {
            return goType;
        }

        static Scalar ofWord(String word) {
            for (Scalar scalar : values()) {
                if (scalar.word.equals(word)) {
                    return scalar;
                }
            }
            throw new IllegalArgumentException("unknown type " + word);
        }
    }

    /** An array. */
    record ListOf(FieldType element) implements FieldType {}

    /** An object with free keys. */
    record MapOf(FieldType value) implements FieldType {}

    /** Any JSON whose objects are owned by their fields, because nothing is declared about it. */
    record Free() implements FieldType {}

    /** An object with fields, by the name of its definition. */
    record ObjectOf(String definition) implements FieldType {}

    /** Reads the notation of the type table: a word, {@code [x}, {@code {x} or {@code @definition}. */
    static FieldType parse(String notation) {
        String rest = notation.substring(1);
        return switch (notation.charAt(0)) {
            case '[' -> new ListOf(parse(rest));
            case '{' -> new MapOf(parse(rest));
            case '@' -> new ObjectOf(rest);
            default -> Scalar.ofWord(notation);
        };
    }
}
