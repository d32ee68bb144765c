package dev.keelson.apiserver.custom.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.keelson.apiserver.registry.rules.Quantity;
import java.math.BigDecimal;

/** {@code quantity(text)} and its arithmetic. */
final class QuantityFunctions {
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");

    private QuantityFunctions() {}

    /** An amount; 1Ki and 1024 are the same. */
    record Amount(BigDecimal value) implements Comparable<Amount> {
        Amount {
            value = value.stripTrailingZeros();
        }

        static Amount parse(String text) {
            return new Amount(Quantity.parse(text).orElseThrow(() -> new IllegalArgumentException(Quantity.RULE)));
        }

        @Override
        public int compareTo(Amount other) {
            return value.compareTo(other.value);
        }
    }

    static void addTo(KubernetesLibrary library) {
        library.global("quantity", QUANTITY, SimpleType.STRING, String.class, Amount::parse);
        library.global("isQuantity", SimpleType.BOOL, SimpleType.STRING, String.class, text -> Quantity.parse(text)
                .isPresent());
        library.member("sign", SimpleType.INT, QUANTITY, Amount.class, one ->
                (long) one.value().signum());
        library.member("isInteger", SimpleType.BOOL, QUANTITY, Amount.class, one -> isLong(one.value()));
        library.member("asInteger", SimpleType.INT, QUANTITY, Amount.class, one -> one.value()
                .longValueExact());
        library.member("asApproximateFloat", SimpleType.DOUBLE, QUANTITY, Amount.class, one -> one.value()
                .doubleValue());
        library.member(
                "isGreaterThan",
                SimpleType.BOOL,
                QUANTITY,
                Amount.class,
                QUANTITY,
                Amount.class,
                (a, b) -> a.compareTo(b) > 0);
        library.member(
                "isLessThan",
                SimpleType.BOOL,
                QUANTITY,
                Amount.class,
                QUANTITY,
                Amount.class,
                (a, b) -> a.compareTo(b) < 0);
        library.member("compareTo", SimpleType.INT, QUANTITY, Amount.class, QUANTITY, Amount.class, (a, b) ->
                (long) a.compareTo(b));
        library.member(
                "add",
                QUANTITY,
                QUANTITY,
                Amount.class,
                QUANTITY,
                Amount.class,
                (a, b) -> new Amount(a.value().add(b.value())));
        library.member(
                "add",
                QUANTITY,
                QUANTITY,
                Amount.class,
                SimpleType.INT,
                Long.class,
                (a, b) -> new Amount(a.value().add(BigDecimal.valueOf(b))));
        library.member(
                "sub",
                QUANTITY,
                QUANTITY,
                Amount.class,
                QUANTITY,
                Amount.class,
                (a, b) -> new Amount(a.value().subtract(b.value())));
        library.member(
                "sub",
                QUANTITY,
                QUANTITY,
                Amount.class,
                SimpleType.INT,
                Long.class,
                (a, b) -> new Amount(a.value().subtract(BigDecimal.valueOf(b))));
    }

    private static boolean isLong(BigDecimal value) {
        return value.scale() <= 0
                && value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                && value.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
    }
}
