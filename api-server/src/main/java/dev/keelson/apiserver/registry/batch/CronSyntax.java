package dev.keelson.apiserver.registry.batch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a text is a schedule: five fields, a word such as {@code @daily}, or {@code @every 1h30m}. */
final class CronSyntax {
    private static final List<String> WORDS =
            List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final Pattern DURATION = Pattern.compile("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final List<Field> FIELDS = List.of(
            new Field(0, 59, List.of()),
            new Field(0, 23, List.of()),
            new Field(1, 31, List.of()),
            new Field(1, 12, MONTHS),
            new Field(0, 6, DAYS));
    private static final int LONGEST = 1024;

    private CronSyntax() {}

    /** @param names words for the numbers that begin with the minimum */
    private record Field(int minimum, int maximum, List<String> names) {}

    /** What is wrong, in the words of the library that Kubernetes uses. */
    static Optional<String> problem(String schedule) {
        if (schedule.length() > LONGEST) {
            return Optional.of("must be no more than " + LONGEST + " characters");
        }
        if (schedule.startsWith("@")) {
            boolean every = schedule.startsWith("@every ")
                    && DURATION.matcher(schedule.substring("@every ".length())).matches();
            return every || WORDS.contains(schedule)
                    ? Optional.empty()
                    : Optional.of("unrecognized descriptor: " + schedule);
        }
        List<String> fields = Arrays.stream(schedule.strip().split("\\s+")).toList();
        if (fields.size() != FIELDS.size()) {
            return Optional.of(
                    "expected exactly 5 fields, found %d: [%s]".formatted(fields.size(), String.join(" ", fields)));
        }
        for (int i = 0; i < fields.size(); i++) {
            for (String range : fields.get(i).split(",", -1)) {
                Optional<String> problem = rangeProblem(range, FIELDS.get(i));
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> rangeProblem(String text, Field field) {
        String[] stepped = text.split("/", -1);
        String[] ends = stepped[0].split("-", -1);
        if (stepped.length > 2) {
            return Optional.of("too many slashes: " + text);
        }
        if (ends.length > 2) {
            return Optional.of("too many hyphens: " + text);
        }
        int low = field.minimum();
        int high = field.maximum();
        if (!ends[0].equals("*") && !ends[0].equals("?")) {
            Optional<Integer> first = number(ends[0], field);
            Optional<Integer> last = ends.length > 1 ? number(ends[1], field) : first;
            if (first.isEmpty() || last.isEmpty()) {
                return Optional.of("failed to parse int from %s: not a number".formatted(stepped[0]));
            }
            low = first.get();
            high = ends.length == 1 && stepped.length > 1 ? field.maximum() : last.get();
        } else if (ends.length > 1) {
            return Optional.of("too many hyphens: " + text);
        }
        if (low < field.minimum()) {
            return Optional.of("beginning of range (%d) below minimum (%d): %s".formatted(low, field.minimum(), text));
        }
        if (high > field.maximum()) {
            return Optional.of("end of range (%d) above maximum (%d): %s".formatted(high, field.maximum(), text));
        }
        if (low > high) {
            return Optional.of("beginning of range (%d) beyond end of range (%d): %s".formatted(low, high, text));
        }
        return stepped.length > 1 ? stepProblem(stepped[1], text) : Optional.empty();
    }

    private static Optional<String> stepProblem(String step, String text) {
        if (!step.matches("[0-9]{1,6}")) {
            return Optional.of("failed to parse int from %s: not a number".formatted(step));
        }
        return Integer.parseInt(step) == 0
                ? Optional.of("step of range should be a positive number: " + text)
                : Optional.empty();
    }

    private static Optional<Integer> number(String text, Field field) {
        int named = field.names().indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return Optional.of(named + field.minimum());
        }
        return text.matches("[0-9]{1,6}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
