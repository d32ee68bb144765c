package dev.keelson.apiserver.custom.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code isSorted}, {@code sum}, {@code min}, {@code max}, {@code indexOf} and {@code lastIndexOf} of lists. */
final class ListFunctions {
    private ListFunctions() {}

    @SuppressWarnings({"rawtypes", "unchecked"})
    static void addTo(KubernetesLibrary library) {
        Map<CelType, Object> summable = new LinkedHashMap<>();
        summable.put(SimpleType.INT, 0L);
        summable.put(SimpleType.DOUBLE, 0.0);
        summable.put(SimpleType.DURATION, Duration.ZERO);
        List<CelType> comparable = List.of(
                SimpleType.INT,
                SimpleType.DOUBLE,
                SimpleType.STRING,
                SimpleType.BOOL,
                SimpleType.DURATION,
                SimpleType.TIMESTAMP);
        for (CelType element : comparable) {
            CelType list = ListType.create(element);
            library.member("isSorted", SimpleType.BOOL, list, List.class, items -> isSorted(items));
            library.member("min", element, list, List.class, items -> Collections.min(notEmpty(items, "min")));
            library.member("max", element, list, List.class, items -> Collections.max(notEmpty(items, "max")));
        }
        summable.forEach((element, zero) ->
                library.member("sum", element, ListType.create(element), List.class, items -> sum(items, zero)));
        CelType any = TypeParamType.create("T");
        library.member("indexOf", SimpleType.INT, ListType.create(any), List.class, any, Object.class, (items, item) ->
                (long) items.indexOf(item));
        library.member(
                "lastIndexOf", SimpleType.INT, ListType.create(any), List.class, any, Object.class, (items, item) ->
                        (long) items.lastIndexOf(item));
    }

    private static List<Comparable<Object>> notEmpty(List<Comparable<Object>> items, String function) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException(function + " called on empty list");
        }
        return items;
    }

    private static boolean isSorted(List<Comparable<Object>> items) {
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i - 1).compareTo(items.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<Object> items, Object zero) {
        Object sum = zero;
        for (Object item : items) {
            sum = switch (sum) {
                case Long number -> Math.addExact(number, (Long) item);
                case Double number -> number + (Double) item;
                case Duration duration -> duration.plus((Duration) item);
                default -> sum;
            };
        }
        return sum;
    }
}
