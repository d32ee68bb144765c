package dev.keelson.apiserver.storage;

/**
 * Finds its way through the bytes of a JSON text that this server has written, for those who look at every object or every
 * change and want a few fields of it.
 */
public final class JsonBytes {
    private JsonBytes() {}

    /** The next byte that is not white space, or the end. */
    public static int skipBlanks(byte[] json, int from) {
        int at = from;
        while (at < json.length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Behind the string that begins at {@code opening}; an unterminated one ends where the bytes end. */
    public static int endOfString(byte[] json, int opening) {
        int at = opening + 1;
        while (at < json.length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, json.length);
    }

    /**
     * Behind the value of a field: its comma, or the brace that closes the object.
     *
     * @param from behind the field's name, or where the value begins
     */
    public static int endOfValue(byte[] json, int from) {
        int depth = 0;
        int at = from;
        while (depth > 0 || json[at] != ',' && json[at] != '}') {
            switch (json[at]) {
                case '"' -> at = endOfString(json, at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // Nothing else opens or closes a value.
                }
            }
            at++;
        }
        return at;
    }
}
