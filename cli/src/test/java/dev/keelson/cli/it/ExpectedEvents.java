package dev.keelson.cli.it;

import dev.keelson.cli.it.OutsideDatabase.LogRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What watches of a namespace must say, worked out of the log of everything that was committed in it. */
record ExpectedEvents(List<LogRow> log) {

    List<String> after(String revision) {
        return log.stream()
                .filter(row -> row.revision() > Long.parseLong(revision))
                .map(LogRow::event)
                .toList();
    }

    /** What was there at a revision: name to revision. */
    Map<String, String> at(String revision) {
        Map<String, String> there = new TreeMap<>();
        for (LogRow row : log) {
            if (row.revision() > Long.parseLong(revision)) {
                break;
            }
            if (row.type().equals("DELETED")) {
                there.remove(row.name());
            } else {
                there.put(row.name(), String.valueOf(row.revision()));
            }
        }
        return there;
    }

    /** For a watch that selects one side: who changes sides comes and goes. */
    List<String> of(String side, String after) {
        Set<String> selected = new HashSet<>();
        List<String> events = new ArrayList<>();
        for (LogRow row : log) {
            boolean was = selected.remove(row.name());
            boolean is = !row.type().equals("DELETED") && row.side().equals(side);
            if (is) {
                selected.add(row.name());
            }
            if ((was || is) && row.revision() > Long.parseLong(after)) {
                String type = !was ? "ADDED" : is ? "MODIFIED" : "DELETED";
                events.add("%d %s %s".formatted(row.revision(), type, row.name()));
            }
        }
        return events;
    }
}
