package dev.keelson.apiserver.custom.cel;

import dev.keelson.apiserver.registry.rules.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What the rules of one schema may cost, each and together (apiextensions' estimated cost limits). */
final class CelBudget {
    /**
     * For all rules of a schema. Kubernetes' StaticEstimatedCRDCostLimit is a fifth of it; published definitions come
     * close to that, and what is counted here is not exactly what Kubernetes counts.
     */
    private static final double SCHEMA_LIMIT = 500_000_000;

    private static final double MOST_FACTOR = 100;
    /** Below this, one digit would round the excess away. */
    private static final double SMALL_FACTOR = 1.5;
    /** So many of the most expensive rules are named when all together cost too much. */
    private static final int NAMED = 4;

    private record Expense(String path, double cost) {}

    private final List<Expense> expenses = new ArrayList<>();
    private final Problems problems;

    CelBudget(Problems problems) {
        this.problems = problems;
    }

    /** Notes what one expression may cost, and refuses it when that alone is too much. */
    void spend(String path, double cost) {
        expenses.add(new Expense(path, cost));
        if (cost > CelCost.EXPRESSION_LIMIT) {
            String what = path.endsWith(".messageExpression") ? "messageExpression" : "rule";
            problems.forbidden(path, exceeded("estimated " + what + " cost", cost / CelCost.EXPRESSION_LIMIT));
        }
    }

    void checkTotal(String path) {
        double total = expenses.stream().mapToDouble(Expense::cost).sum();
        if (total <= SCHEMA_LIMIT) {
            return;
        }
        expenses.stream()
                .sorted(Comparator.comparingDouble(Expense::cost).reversed())
                .limit(NAMED)
                .forEach(expense -> problems.forbidden(
                        expense.path(),
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        problems.forbidden(
                path,
                exceeded(
                        "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                        total / SCHEMA_LIMIT));
    }

    private static String exceeded(String what, double factor) {
        String shown = factor > MOST_FACTOR
                ? "more than 100x"
                : String.format(Locale.ROOT, factor < SMALL_FACTOR ? "%fx" : "%.1fx", factor);
        return what + " exceeds budget by factor of " + shown + " (try simplifying the rule, or adding maxItems,"
                + " maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
