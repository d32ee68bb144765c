package dev.keelson.apiserver.custom.cel;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Estimates what an expression may cost at most, from the sizes that the schema allows (as the Kubernetes API server does
 * when a definition is written). Pure. Where nothing is known about a size, the largest request is taken as the measure.
 */
final class CelCost {
    /** What one expression may cost, over all the values that it is run for. */
    static final double EXPRESSION_LIMIT = 10_000_000;

    private static final double LARGEST_REQUEST = 3 * 1024 * 1024;
    private static final double PER_CHARACTER = 0.1;
    private static final Set<String> TRAVERSING = Set.of(
            "contains",
            "startsWith",
            "endsWith",
            "matches",
            "find",
            "findAll",
            "split",
            "replace",
            "join",
            "lowerAscii",
            "upperAscii",
            "trim",
            "indexOf",
            "lastIndexOf",
            "_+_",
            "isSorted",
            "sum",
            "min",
            "max");

    /** @param size characters or elements of the value at most */
    private record Estimate(double cost, double size, Optional<Structural> schema) {
        static final Estimate NOTHING = new Estimate(0, 1, Optional.empty());
    }

    private final Map<String, Estimate> variables = new HashMap<>();

    private CelCost() {}

    /** The cost of one run. */
    static double of(CelExpr expression, Structural self) {
        CelCost cost = new CelCost();
        Estimate value = new Estimate(1, size(self), Optional.of(self));
        cost.variables.put("self", value);
        cost.variables.put("oldSelf", value);
        return cost.estimate(expression).cost();
    }

    /** How many values of the schema an object can have for each value of its parent. */
    static double multiplicity(Structural parent) {
        return size(parent);
    }

    private Estimate estimate(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> new Estimate(0, constantSize(expression.constant()), Optional.empty());
            case IDENT -> variables.getOrDefault(expression.ident().name(), new Estimate(1, 1, Optional.empty()));
            case SELECT ->
                select(
                        estimate(expression.select().operand()),
                        expression.select().field());
            case CALL -> call(expression.call());
            case LIST -> all(expression.list().elements(), 10);
            case MAP ->
                new Estimate(
                        30
                                + expression.map().entries().stream()
                                        .mapToDouble(entry -> estimate(entry.key())
                                                        .cost()
                                                + estimate(entry.value()).cost())
                                        .sum(),
                        expression.map().entries().size(),
                        Optional.empty());
            case STRUCT -> new Estimate(40, 1, Optional.empty());
            case COMPREHENSION -> comprehension(expression.comprehension());
            case NOT_SET -> Estimate.NOTHING;
        };
    }

    private static double constantSize(CelConstant constant) {
        return constant.getKind() == CelConstant.Kind.STRING_VALUE
                ? constant.stringValue().length()
                : 1;
    }

    private Estimate select(Estimate operand, String field) {
        Optional<Structural> below = operand.schema().flatMap(schema -> property(schema, field));
        return new Estimate(operand.cost() + 1, below.map(CelCost::size).orElse(1.0), below);
    }

    private static Optional<Structural> property(Structural schema, String field) {
        for (Map.Entry<String, ?> entry : schema.properties()) {
            if (CelNames.escape(entry.getKey()).equals(field)) {
                return schema.property(entry.getKey());
            }
        }
        return schema.values();
    }

    private Estimate all(List<CelExpr> parts, double base) {
        return new Estimate(
                base + parts.stream().mapToDouble(part -> estimate(part).cost()).sum(),
                Math.max(1, parts.size()),
                Optional.empty());
    }

    private Estimate call(CelExpr.CelCall call) {
        Estimate target = call.target().map(this::estimate).orElse(Estimate.NOTHING);
        List<Estimate> arguments = call.args().stream().map(this::estimate).toList();
        double cost = 1
                + target.cost()
                + arguments.stream().mapToDouble(Estimate::cost).sum();
        double size = Math.max(
                target.size(),
                arguments.stream().mapToDouble(Estimate::size).max().orElse(1));
        return switch (call.function()) {
            case "_[_]" -> element(arguments.getFirst(), cost);
            case "_==_", "_!=_" ->
                new Estimate(
                        cost
                                + PER_CHARACTER
                                        * arguments.stream()
                                                .mapToDouble(Estimate::size)
                                                .min()
                                                .orElse(1),
                        1,
                        Optional.empty());
            case "@in" -> new Estimate(cost + arguments.getLast().size(), 1, Optional.empty());
            case String name
            when TRAVERSING.contains(name) -> new Estimate(cost + PER_CHARACTER * size, size, Optional.empty());
            default -> new Estimate(cost, 1, Optional.empty());
        };
    }

    private static Estimate element(Estimate container, double cost) {
        Optional<Structural> below =
                container.schema().flatMap(schema -> schema.items().or(schema::values));
        return new Estimate(cost, below.map(CelCost::size).orElse(1.0), below);
    }

    private Estimate comprehension(CelExpr.CelComprehension loop) {
        Estimate range = estimate(loop.iterRange());
        Estimate start = estimate(loop.accuInit());
        Map<String, Estimate> outer = new HashMap<>(variables);
        Optional<Structural> item = range.schema().flatMap(Structural::items);
        variables.put(loop.iterVar(), new Estimate(1, item.map(CelCost::size).orElse(1.0), item));
        variables.put(loop.accuVar(), new Estimate(1, 1, Optional.empty()));
        double turn = estimate(loop.loopCondition()).cost()
                + estimate(loop.loopStep()).cost();
        double result = estimate(loop.result()).cost();
        variables.clear();
        variables.putAll(outer);
        return new Estimate(range.cost() + start.cost() + result + range.size() * turn, range.size(), Optional.empty());
    }

    /** The largest size that the schema lets a value have. */
    private static double size(Structural schema) {
        return switch (schema.type()) {
            case "string" -> text(schema);
            case "array" ->
                limit(schema, "maxItems")
                        .orElseGet(() -> LARGEST_REQUEST
                                / (schema.items().map(CelCost::smallest).orElse(2.0) + 1));
            case "object" ->
                schema.values().isPresent()
                        ? limit(schema, "maxProperties")
                                .orElseGet(() -> LARGEST_REQUEST
                                        / (schema.values()
                                                        .map(CelCost::smallest)
                                                        .orElse(2.0)
                                                + 6))
                        : 1;
            default -> 1;
        };
    }

    private static double text(Structural schema) {
        double longestEnum = schema.node()
                .path("enum")
                .valueStream()
                .mapToDouble(value -> value.asText().length())
                .max()
                .orElse(0);
        if (longestEnum > 0) {
            return longestEnum;
        }
        return switch (schema.node().path("format").asText("")) {
            case "date", "date-time", "duration" -> 30;
            default -> limit(schema, "maxLength").orElse(LARGEST_REQUEST);
        };
    }

    private static Optional<Double> limit(Structural schema, String name) {
        return Tree.number(schema.node(), name).map(Long::doubleValue);
    }

    /** How many bytes a value takes in a request at least. */
    private static double smallest(Structural schema) {
        return switch (schema.type()) {
            case "object" -> {
                double bytes = 2;
                for (String required : Tree.texts(schema.node(), "required")) {
                    bytes += required.length()
                            + 4
                            + schema.property(required).map(CelCost::smallest).orElse(1.0);
                }
                yield bytes;
            }
            case "array", "string" -> 2;
            case "boolean" -> 4;
            default -> 1;
        };
    }
}
