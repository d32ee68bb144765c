package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Watches a tree while it is built: depth, node count, text that no store accepts, fields given twice. */
final class TreeGuard {
    private final TreePath path = new TreePath();
    private final List<String> duplicates = new ArrayList<>();
    private int nodes;

    TreePath path() {
        return path;
    }

    List<String> duplicates() {
        return duplicates;
    }

    void countNode() {
        countNodes(1);
    }

    void countNodes(int more) {
        nodes += more;
        if (nodes > BodyLimits.MAX_NODES) {
            throw new BodyException(
                    BodyException.Kind.TOO_LARGE, "the body has more than %d values".formatted(BodyLimits.MAX_NODES));
        }
    }

    void checkDepth() {
        if (path.depth() >= BodyLimits.MAX_DEPTH) {
            throw BodyException.malformed("the body nests deeper than %d levels".formatted(BodyLimits.MAX_DEPTH));
        }
    }

    /** Puts a field and notes when it was there before; the later value wins. */
    void put(ObjectNode object, String field, JsonNode value) {
        if (object.has(field) && duplicates.size() < BodyLimits.MAX_DUPLICATES) {
            duplicates.add(path.toString());
        }
        object.set(field, value);
    }

    /** PostgreSQL keeps neither NUL nor half a surrogate pair in text, so they are refused where they enter. */
    String checkText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw BodyException.malformed(
                        "%s contains the character U+0000, which cannot be stored".formatted(path));
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw BodyException.malformed(
                            "%s contains half of a surrogate pair (\\u%04x)".formatted(path, (int) c));
                }
                i++;
            }
        }
        return text;
    }

    BigDecimal checkNumber(BigDecimal number) {
        long exponent = (long) number.precision() - number.scale();
        if (Math.abs(exponent) > BodyLimits.MAX_EXPONENT
                || Math.abs((long) number.scale()) > BodyLimits.MAX_NUMBER_LENGTH) {
            throw BodyException.malformed("the number at %s is out of range".formatted(path));
        }
        return number;
    }
}
