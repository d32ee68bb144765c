package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Resolves YAML 1.1 scalars as the Kubernetes tools do: {@code yes} is true, {@code 0o17} and {@code 017} are octal. */
final class YamlScalars {
    private static final Set<String> TRUE = Set.of("true", "yes", "on");
    private static final Pattern OCTAL_1_2 = Pattern.compile("[-+]?0o[0-7]+");

    private final Resolver resolver = new Resolver();
    private final JsonNodeFactory nodes;
    private final TreeGuard guard;

    YamlScalars(JsonNodeFactory nodes, TreeGuard guard) {
        this.nodes = nodes;
        this.guard = guard;
    }

    JsonNode value(ScalarEvent scalar) {
        String text = guard.checkText(scalar.getValue());
        Tag tag = tagOf(scalar, text);
        try {
            if (tag.equals(Tag.NULL)) {
                return nodes.nullNode();
            }
            if (tag.equals(Tag.BOOL)) {
                return nodes.booleanNode(TRUE.contains(text.toLowerCase(Locale.ROOT)));
            }
            if (tag.equals(Tag.INT)) {
                return integer(text.replace("_", ""));
            }
            if (tag.equals(Tag.FLOAT)) {
                return nodes.numberNode(guard.checkNumber(new BigDecimal(text.replace("_", ""))));
            }
            if (tag.equals(Tag.BINARY)) {
                return nodes.textNode(Base64.getEncoder()
                        .encodeToString(Base64.getMimeDecoder().decode(text)));
            }
            return nodes.textNode(text);
        } catch (IllegalArgumentException bad) {
            throw BodyException.malformed("the value \"%s\" at %s is not %s that JSON can express"
                    .formatted(abbreviate(text), guard.path(), tag.equals(Tag.BINARY) ? "base64" : "a number"));
        }
    }

    private Tag tagOf(ScalarEvent scalar, String text) {
        if (scalar.getTag() != null && !scalar.getTag().equals("!")) {
            return new Tag(scalar.getTag());
        }
        if (!scalar.isPlain()) {
            return Tag.STR;
        }
        if (OCTAL_1_2.matcher(text).matches()) {
            return Tag.INT;
        }
        Tag tag = resolver.resolve(NodeId.scalar, text, scalar.getImplicit().canOmitTagInPlainScalar());
        // A sexagesimal such as 22:22 is a port mapping or a time in practice; newer YAML reads it as text too.
        return (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) && text.indexOf(':') >= 0 ? Tag.STR : tag;
    }

    private JsonNode integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.length() > BodyLimits.MAX_NUMBER_LENGTH) {
            throw new NumberFormatException("too many digits");
        }
        BigInteger size = magnitude(digits.toLowerCase(Locale.ROOT));
        BigInteger value = negative ? size.negate() : size;
        if (value.bitLength() < Integer.SIZE) {
            return nodes.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? nodes.numberNode(value.longValue()) : nodes.numberNode(value);
    }

    private static BigInteger magnitude(String digits) {
        if (digits.startsWith("0x")) {
            return new BigInteger(digits.substring(2), 16);
        }
        if (digits.startsWith("0b")) {
            return new BigInteger(digits.substring(2), 2);
        }
        if (digits.startsWith("0o")) {
            return new BigInteger(digits.substring(2), 8);
        }
        return digits.length() > 1 && digits.startsWith("0")
                ? new BigInteger(digits.substring(1), 8)
                : new BigInteger(digits);
    }

    private static String abbreviate(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
