package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Table (meta.k8s.io/v1) of the server as rows of text. Pure. */
public final class ServerTable {
    public static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private ServerTable() {}

    /**
     * @param header whether the names of the columns come first
     * @param wide whether columns of lower priority are shown
     * @param namespaces whether the namespace is shown before the columns
     */
    public static List<List<String>> rows(JsonNode table, boolean header, boolean wide, boolean namespaces) {
        List<List<String>> rows = new ArrayList<>();
        List<Integer> shown = new ArrayList<>();
        List<String> names = new ArrayList<>(namespaces ? List.of("NAMESPACE") : List.of());
        JsonNode columns = table.path("columnDefinitions");
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).path("priority").asInt() == 0 || wide) {
                shown.add(i);
                names.add(columns.get(i).path("name").asText().toUpperCase(Locale.ROOT));
            }
        }
        if (header) {
            rows.add(names);
        }
        for (JsonNode row : table.path("rows")) {
            List<String> cells = new ArrayList<>();
            if (namespaces) {
                cells.add(row.path("object").path("metadata").path("namespace").asText());
            }
            shown.forEach(column -> cells.add(row.path("cells").path(column).asText()));
            rows.add(cells);
        }
        return rows;
    }
}
