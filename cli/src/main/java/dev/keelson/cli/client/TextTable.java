package dev.keelson.cli.client;

import java.io.PrintStream;
import java.util.List;

/** Prints rows of cells in aligned columns, three spaces apart, as kubectl does. */
public final class TextTable {
    private TextTable() {}

    public static void print(List<List<String>> rows, PrintStream out) {
        rows.forEach(row -> out.println(line(row, rows)));
    }

    private static String line(List<String> row, List<List<String>> rows) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            int at = column;
            int width = rows.stream()
                    .mapToInt(r -> r.size() > at ? r.get(at).length() : 0)
                    .max()
                    .orElse(0);
            line.append(row.get(column)).repeat(" ", width - row.get(column).length() + 3);
        }
        return line.toString().stripTrailing();
    }
}
