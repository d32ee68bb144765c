package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The amount that a Kubernetes quantity such as {@code 250m}, {@code 1.5Gi} or {@code 2e3} stands for.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">Quantity</a>
 */
public final class Quantity {
    public static final String RULE =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final int LONGEST = 64;
    private static final Pattern SHAPE =
            Pattern.compile("([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,3})?");
    private static final Map<String, BigDecimal> SCALE = Map.ofEntries(
            Map.entry("n", BigDecimal.ONE.scaleByPowerOfTen(-9)),
            Map.entry("u", BigDecimal.ONE.scaleByPowerOfTen(-6)),
            Map.entry("m", BigDecimal.ONE.scaleByPowerOfTen(-3)),
            Map.entry("k", BigDecimal.ONE.scaleByPowerOfTen(3)),
            Map.entry("M", BigDecimal.ONE.scaleByPowerOfTen(6)),
            Map.entry("G", BigDecimal.ONE.scaleByPowerOfTen(9)),
            Map.entry("T", BigDecimal.ONE.scaleByPowerOfTen(12)),
            Map.entry("P", BigDecimal.ONE.scaleByPowerOfTen(15)),
            Map.entry("E", BigDecimal.ONE.scaleByPowerOfTen(18)),
            Map.entry("Ki", BigDecimal.TWO.pow(10)),
            Map.entry("Mi", BigDecimal.TWO.pow(20)),
            Map.entry("Gi", BigDecimal.TWO.pow(30)),
            Map.entry("Ti", BigDecimal.TWO.pow(40)),
            Map.entry("Pi", BigDecimal.TWO.pow(50)),
            Map.entry("Ei", BigDecimal.TWO.pow(60)));

    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    /** By powers of a thousand, of which the first is the smallest that is kept. */
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");

    private static final int SMALLEST = 9;
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Quantity() {}

    /** As {@code 2} or {@code 250m}; rounded up. */
    public static String thousandths(BigDecimal amount) {
        BigDecimal thousandths = amount.movePointRight(3).setScale(0, RoundingMode.CEILING);
        BigDecimal whole = thousandths.movePointLeft(3).stripTrailingZeros();
        return whole.scale() <= 0 ? whole.toPlainString() : thousandths.toPlainString() + "m";
    }

    /** As {@code 64Mi}, with the largest binary suffix that leaves a whole number; rounded up. */
    public static String binary(BigDecimal amount) {
        BigInteger units = amount.setScale(0, RoundingMode.CEILING).toBigInteger();
        int power = 0;
        while (units.signum() != 0 && power < BINARY.size() - 1 && units.getLowestSetBit() >= 10) {
            units = units.shiftRight(10);
            power++;
        }
        return units + BINARY.get(power);
    }

    /**
     * A quantity as Kubernetes writes it: a whole number without superfluous zeros, with a suffix of the kind that it came
     * with. What is none stays as it is.
     */
    public static String canonical(String text) {
        Optional<BigDecimal> parsed = parse(text);
        if (parsed.isEmpty()) {
            return text;
        }
        BigDecimal amount = parsed.get().min(LARGEST);
        String suffix = text.substring(text.length() - 1);
        if (suffix.equals("i") && amount.abs().compareTo(KIBI) >= 0) {
            return binary(amount);
        }
        boolean exponent = text.chars().limit(text.length() - 1L).anyMatch(c -> c == 'e' || c == 'E');
        return decimal(amount, exponent);
    }

    private static String decimal(BigDecimal amount, boolean asExponent) {
        BigDecimal kept = amount.setScale(Math.min(amount.scale(), SMALLEST), RoundingMode.UP)
                .stripTrailingZeros();
        if (kept.signum() == 0) {
            return "0";
        }
        int power = Math.min(Math.floorDiv(-kept.scale(), 3), DECIMAL.size() - 1 - SMALLEST / 3);
        String number = kept.movePointLeft(3 * power).toBigIntegerExact().toString();
        if (asExponent) {
            return power == 0 ? number : number + "e" + 3 * power;
        }
        return number + DECIMAL.get(power + SMALLEST / 3);
    }

    /** The amount of a text or number; empty when it is not a quantity. */
    public static Optional<BigDecimal> parse(JsonNode value) {
        if (value.isNumber()) {
            return Optional.of(value.decimalValue());
        }
        return value.isTextual() ? parse(value.textValue()) : Optional.empty();
    }

    public static Optional<BigDecimal> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        if (suffix.isEmpty()) {
            return Optional.of(number);
        }
        BigDecimal scale = SCALE.get(suffix);
        return Optional.of(
                scale != null
                        ? number.multiply(scale)
                        : number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))));
    }
}
