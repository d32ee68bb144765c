package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of several parts as Kubernetes 1.32 shows them in errors of fields: as Go's {@code %#v} prints its types. */
public final class GoSyntax {
    /** Decimal ones that fit into Go's int64; others are rare where a quantity is shown so. */
    private static final Pattern QUANTITY = Pattern.compile("(-?[0-9]{1,9})(?:\\.([0-9]{1,6}))?([num])?");

    private static final Map<String, Integer> SUFFIXES = Map.of("n", -9, "u", -6, "m", -3);

    /** Floating-point numbers with more digits before the point are shown with an exponent. */
    private static final int MOST_DIGITS = 6;

    private GoSyntax() {}

    /** Any JSON, as Go reads it without a type; a value that is not inside another one. */
    public static String value(JsonNode value) {
        return value.isNull() ? "\"null\"" : inside(value);
    }

    private static String inside(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT ->
                value.propertyStream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> quoted(entry.getKey()) + ":" + inside(entry.getValue()))
                        .collect(Collectors.joining(", ", "map[string]interface {}{", "}"));
            case ARRAY ->
                value.valueStream().map(GoSyntax::inside).collect(Collectors.joining(", ", "[]interface {}{", "}"));
            case NULL -> "interface {}(nil)";
            case NUMBER -> number(value);
            default -> value.toString();
        };
    }

    /** As Go's {@code %v} prints an int64 or a float64. */
    public static String number(JsonNode value) {
        return value.isIntegralNumber() ? value.asText() : number(value.doubleValue());
    }

    public static String number(double value) {
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (shortest.signum() == 0 || exponent >= -4 && exponent < MOST_DIGITS) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        return (shortest.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e%+03d".formatted(exponent);
    }

    /** A {@code metav1.LabelSelector}. */
    public static String labelSelector(JsonNode selector) {
        JsonNode expressions = selector.path("matchExpressions");
        String listed = expressions.isArray()
                ? "[]v1.LabelSelectorRequirement{"
                        + expressions.valueStream().map(GoSyntax::requirement).collect(Collectors.joining(", "))
                        + "}"
                : "[]v1.LabelSelectorRequirement(nil)";
        return "v1.LabelSelector{MatchLabels:%s, MatchExpressions:%s}"
                .formatted(texts(selector.path("matchLabels")), listed);
    }

    private static String requirement(JsonNode requirement) {
        return "v1.LabelSelectorRequirement{Key:%s, Operator:%s, Values:%s}"
                .formatted(
                        quoted(requirement.path("key")),
                        quoted(requirement.path("operator")),
                        list(requirement.path("values")));
    }

    /** A {@code map[string]string}, whose keys Go sorts. */
    public static String texts(JsonNode map) {
        if (!map.isObject()) {
            return "map[string]string(nil)";
        }
        return map.propertyStream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
                .collect(Collectors.joining(", ", "map[string]string{", "}"));
    }

    /** A {@code []string}. */
    public static String list(JsonNode list) {
        return list(list, "string");
    }

    /** @param type of the elements, which are texts or whole numbers */
    public static String list(JsonNode list, String type) {
        if (!list.isArray()) {
            return "[]" + type + "(nil)";
        }
        return list.valueStream().map(JsonNode::toString).collect(Collectors.joining(", ", "[]" + type + "{", "}"));
    }

    /** A {@code []byte}, which is base64 in JSON. */
    public static String bytes(JsonNode base64) {
        try {
            return HexFormat.ofDelimiter(", ")
                    .withPrefix("0x")
                    .formatHex(Base64.getDecoder().decode(base64.asText("")))
                    .transform(bytes -> "[]byte{" + bytes + "}");
        } catch (IllegalArgumentException notBase64) {
            return quoted(base64);
        }
    }

    /** An {@code intstr.IntOrString}. */
    public static String intOrString(JsonNode value) {
        return "intstr.IntOrString{Type:%d, IntVal:%d, StrVal:%s}"
                .formatted(
                        value.isTextual() ? 1 : 0,
                        value.isNumber() ? value.asLong() : 0,
                        quoted(value.isTextual() ? value : MissingNode.getInstance()));
    }

    /** What makes two {@code core.ServicePort}s the same. */
    public static String servicePort(JsonNode port) {
        return "core.ServicePort{Name:\"\", Protocol:%s, AppProtocol:(*string)(nil), Port:%d, TargetPort:%s, NodePort:0}"
                .formatted(
                        quoted(port.path("protocol")),
                        port.path("port").asLong(),
                        intOrString(MissingNode.getInstance()));
    }

    /** A {@code resource.Quantity}. */
    public static String quantity(JsonNode value) {
        Matcher parts = QUANTITY.matcher(value.asText());
        if (!parts.matches()) {
            return value.toString();
        }
        String fraction = parts.group(2) == null ? "" : parts.group(2);
        int scale = SUFFIXES.getOrDefault(parts.group(3) == null ? "" : parts.group(3), 0) - fraction.length();
        return ("resource.Quantity{i:resource.int64Amount{value:%d, scale:%d}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)},"
                        + " s:\"\", Format:\"DecimalSI\"}")
                .formatted(Long.parseLong(parts.group(1) + fraction), scale);
    }

    /** A {@code core.NodeAddress}. */
    public static String nodeAddress(JsonNode address) {
        return "core.NodeAddress{Type:%s, Address:%s}"
                .formatted(quoted(address.path("type")), quoted(address.path("address")));
    }

    /** A {@code core.Taint}; as JSON when Go would print a time. */
    public static String taint(JsonNode taint) {
        return taint.has("timeAdded")
                ? taint.toString()
                : "core.Taint{Key:%s, Value:%s, Effect:%s, TimeAdded:<nil>}"
                        .formatted(
                                quoted(taint.path("key")), quoted(taint.path("value")), quoted(taint.path("effect")));
    }

    /** A {@code core.Toleration}; as JSON when Go would print the address of its seconds. */
    public static String toleration(JsonNode toleration) {
        if (toleration.has("tolerationSeconds")) {
            return toleration.toString();
        }
        return Stream.of("key", "operator", "value", "effect")
                .map(field -> Character.toUpperCase(field.charAt(0)) + field.substring(1) + ":"
                        + quoted(toleration.path(field)))
                .collect(Collectors.joining(", ", "core.Toleration{", ", TolerationSeconds:(*int64)(nil)}"));
    }

    /** An {@code apiextensions.ValidationRule}; as JSON when Go would print addresses. */
    public static String validationRule(JsonNode rule) {
        if (rule.has("reason") || rule.has("optionalOldSelf")) {
            return rule.toString();
        }
        return ("apiextensions.ValidationRule{Rule:%s, Message:%s, MessageExpression:%s,"
                        + " Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:%s,"
                        + " OptionalOldSelf:(*bool)(nil)}")
                .formatted(
                        quoted(rule.path("rule")),
                        quoted(rule.path("message")),
                        quoted(rule.path("messageExpression")),
                        quoted(rule.path("fieldPath")));
    }

    /**
     * How a workload of {@code apps} is rolled out; as JSON when Go would print an address.
     *
     * @param type of the strategy
     * @param rolling type of what it says about rolling updates
     */
    public static String strategy(JsonNode strategy, String type, String rolling) {
        return strategy.has("rollingUpdate")
                ? strategy.toString()
                : "apps.%s{Type:%s, RollingUpdate:(*apps.%s)(nil)}"
                        .formatted(type, quoted(strategy.path("type")), rolling);
    }

    /** A {@code rbac.RoleRef}. */
    public static String roleRef(JsonNode reference) {
        return "rbac.RoleRef{APIGroup:%s, Kind:%s, Name:%s}"
                .formatted(
                        quoted(reference.path("apiGroup")),
                        quoted(reference.path("kind")),
                        quoted(reference.path("name")));
    }

    private static String quoted(JsonNode text) {
        return quoted(text.asText(""));
    }

    /** A {@code string}. */
    public static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
