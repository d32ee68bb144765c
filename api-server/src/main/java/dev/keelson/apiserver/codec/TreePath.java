package dev.keelson.apiserver.codec;

import java.util.ArrayList;
import java.util.List;

/** Where a reader stands, written as Kubernetes writes it: {@code spec.containers[0].name}. */
final class TreePath {
    private final List<Object> steps = new ArrayList<>();

    void enter(String field) {
        steps.add(field);
    }

    void enter(int index) {
        steps.add(index);
    }

    void leave() {
        steps.removeLast();
    }

    int depth() {
        return steps.size();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object step : steps) {
            switch (step) {
                case Integer index -> text.append('[').append(index).append(']');
                default -> text.append(text.isEmpty() ? "" : ".").append(step);
            }
        }
        return text.isEmpty() ? "the top level" : text.toString();
    }
}
