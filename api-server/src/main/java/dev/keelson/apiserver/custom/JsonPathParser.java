package dev.keelson.apiserver.custom;

import dev.keelson.apiserver.custom.JsonPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a JSONPath step by step. */
final class JsonPathParser {
    private static final Pattern FILTER = Pattern.compile("@([^=!<>]*?)\\s*(?:(==|!=|<=|>=|<|>)\\s*(.*))?");
    private static final int LONGEST = 1024;

    private final String text;
    private int at;

    JsonPathParser(String text) {
        this.text = text;
    }

    JsonPath parse() {
        if (text.length() > LONGEST) {
            throw bad("is longer than " + LONGEST + " characters");
        }
        List<Step> steps = new ArrayList<>();
        if (text.startsWith("$")) {
            at = 1;
        }
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '.' -> dot(steps);
                case '[' -> steps.add(bracket());
                default -> throw bad("expected . or [ at position " + at);
            }
        }
        return new JsonPath(steps);
    }

    private void dot(List<Step> steps) {
        at++;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            steps.add(new Step.Anywhere(name()));
        } else if (at < text.length() && text.charAt(at) == '*') {
            at++;
            steps.add(new Step.All());
        } else if (at < text.length() && text.charAt(at) != '[') {
            steps.add(new Step.Field(name()));
        }
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            } else if ("]{}()?@ '\"".indexOf(c) >= 0) {
                throw bad("unexpected " + c + " in a field name at position " + (at - 1));
            }
            name.append(c);
        }
        if (name.isEmpty()) {
            throw bad("a field name is missing at position " + at);
        }
        return name.toString();
    }

    private Step bracket() {
        int end = closing();
        String inside = text.substring(at + 1, end).strip();
        at = end + 1;
        if (inside.equals("*")) {
            return new Step.All();
        }
        if (inside.startsWith("?(") && inside.endsWith(")")) {
            return filter(inside.substring(2, inside.length() - 1).strip());
        }
        if (inside.length() >= 2 && isQuoted(inside)) {
            return new Step.Field(inside.substring(1, inside.length() - 1));
        }
        if (inside.matches("-?[0-9]{1,9}")) {
            return new Step.Index(Integer.parseInt(inside));
        }
        throw bad("[" + inside + "] is neither an index, a quoted field, * nor a filter");
    }

    private int closing() {
        char quote = 0;
        int depth = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i;
            }
        }
        throw bad("unterminated [ at position " + at);
    }

    private Step filter(String expression) {
        Matcher parts = FILTER.matcher(expression);
        if (!parts.matches()) {
            throw bad("the filter " + expression + " must look like @.field==\"value\"");
        }
        JsonPath left = new JsonPathParser(parts.group(1)).parse();
        if (parts.group(2) == null) {
            return new Step.Where(left, "", "");
        }
        String literal = parts.group(3).strip();
        String value = isQuoted(literal) ? literal.substring(1, literal.length() - 1) : literal;
        return new Step.Where(left, parts.group(2), value);
    }

    private static boolean isQuoted(String inside) {
        return inside.length() >= 2
                && "'\"".indexOf(inside.charAt(0)) >= 0
                && inside.charAt(0) == inside.charAt(inside.length() - 1);
    }

    private IllegalArgumentException bad(String why) {
        return new IllegalArgumentException("unrecognized JSONPath \"" + text + "\": " + why);
    }
}
