package dev.keelson.apiserver.http.request;

/**
 * Keelson's paths in front of those of Kubernetes: {@code /keelson.dev/v1/past/MOMENT/…} shows every path as it was, so a
 * client whose server address ends with the prefix sees nothing but the past; {@code /keelson.dev/v1/history/…} shows the
 * changes of the object at the path. Pure.
 *
 * @param apiPath the path without the prefix
 */
public record TimePath(TimeView view, String apiPath) {
    private static final String PAST = "/keelson.dev/v1/past/";
    private static final String HISTORY = "/keelson.dev/v1/history/";

    /** @param path as it was sent, without the query */
    public static TimePath of(String path) {
        if (path.startsWith(HISTORY)) {
            return new TimePath(new TimeView.Changes(), path.substring(HISTORY.length() - 1));
        }
        if (path.startsWith(PAST)) {
            int end = path.indexOf('/', PAST.length());
            String moment = path.substring(PAST.length(), end < 0 ? path.length() : end);
            return new TimePath(
                    new TimeView.Past(moment.replace("%3A", ":").replace("%3a", ":")),
                    end < 0 ? "/" : path.substring(end));
        }
        return new TimePath(new TimeView.Present(), path);
    }
}
