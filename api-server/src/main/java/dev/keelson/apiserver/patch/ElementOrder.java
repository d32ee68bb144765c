package dev.keelson.apiserver.patch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Orders a merged list: the patch decides about the elements that it names, the others keep their place between. */
final class ElementOrder {
    private ElementOrder() {}

    /**
     * @param present identities of all elements of the merged list
     * @param wanted identities in the order that the patch wants; those that are not present are ignored
     * @param before identities in the order of the list before the patch
     */
    static List<String> merge(List<String> present, List<String> wanted, List<String> before) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < before.size(); i++) {
            places.putIfAbsent(before.get(i), i);
        }
        Set<String> known = new HashSet<>(present);
        Set<String> named = new LinkedHashSet<>(wanted);
        named.retainAll(known);
        List<String> others =
                present.stream().filter(element -> !named.contains(element)).toList();
        List<String> result = new ArrayList<>();
        int next = 0;
        for (String element : named) {
            while (next < others.size() && isBefore(others.get(next), element, places)) {
                result.add(others.get(next++));
            }
            result.add(element);
        }
        result.addAll(others.subList(next, others.size()));
        return result;
    }

    private static boolean isBefore(String left, String right, Map<String, Integer> places) {
        return places.containsKey(left) && places.containsKey(right) && places.get(left) < places.get(right);
    }
}
