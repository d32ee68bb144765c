package dev.keelson.apiserver.http.reply;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The media types that a client accepts, the most wanted first (RFC 9110, section 12.5.1). Pure. */
record AcceptHeader(List<MediaRange> ranges) {
    private static final int MOST_RANGES = 50;

    /** @param parameters without {@code q}, names in lower case */
    record MediaRange(String type, Map<String, String> parameters, double quality) {
        boolean accepts(String mediaType) {
            return type.equals("*/*")
                    || type.equals(mediaType)
                    || type.endsWith("/*") && mediaType.startsWith(type.substring(0, type.length() - 1));
        }

        String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }
    }

    /** An empty header accepts everything. */
    static AcceptHeader parse(String header) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String part : header.split(",", MOST_RANGES)) {
            if (!part.isBlank()) {
                ranges.add(range(part));
            }
        }
        if (ranges.isEmpty()) {
            ranges.add(new MediaRange("*/*", Map.of(), 1));
        }
        // The sort is stable: among equals the order of the header decides.
        ranges.sort(Comparator.comparingDouble(MediaRange::quality).reversed());
        return new AcceptHeader(List.copyOf(ranges));
    }

    private static MediaRange range(String part) {
        String[] pieces = part.split(";");
        Map<String, String> parameters = new HashMap<>();
        double quality = 1;
        for (int i = 1; i < pieces.length; i++) {
            String[] pair = pieces[i].strip().split("=", 2);
            String name = pair[0].strip().toLowerCase(Locale.ROOT);
            String value = pair.length > 1 ? pair[1].strip() : "";
            if (name.equals("q")) {
                quality = quality(value);
            } else {
                parameters.put(name, value);
            }
        }
        return new MediaRange(pieces[0].strip().toLowerCase(Locale.ROOT), Map.copyOf(parameters), quality);
    }

    private static double quality(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
